-- Of rules, verdicts, entities and casts a row may be there twice: import knows those met lately, and an
-- index over all of them would take as long as all else. They are joined on loading. Where rows are many, the
-- id comes last: then SQLite gives it out itself, the next one, and need not look whether it is there already.

-- What fired, shared by its alerts. Lists of techniques and tactics are separated by spaces.
CREATE TABLE rule(
  id INTEGER PRIMARY KEY, product TEXT NOT NULL, native TEXT, name TEXT NOT NULL, category TEXT,
  techniques TEXT, tactics TEXT) STRICT;

-- What was said of it, alike by many alerts: how grave it is, in our scale and in the product's words, what was done
-- about it, confidence (NULL when not stated), and how the record's time was written. The numbers of kind, severity,
-- action and zone are those of analyst/model/alert.h. View alert_verdict spells it out.
CREATE TABLE verdict(
  rule INTEGER NOT NULL, kind INTEGER NOT NULL, severity INTEGER NOT NULL, action INTEGER NOT NULL,
  confidence INTEGER, zone INTEGER NOT NULL, severity_native TEXT, id INTEGER PRIMARY KEY) STRICT;

-- Hosts, addresses, accounts, files ... by canonical value; shown is the spelling for readers, NULL
-- when it is the value itself.
CREATE TABLE entity(
  kind TEXT NOT NULL, value TEXT NOT NULL, shown TEXT, id INTEGER PRIMARY KEY) STRICT;

-- Who takes part, shared by alike alerts: members is a JSON array of numbers: an entity's id, and as
-- the last digit its role, as analyst/model/entity.h numbers them; view alert_member spells it out. One
-- row instead of one a member keeps imports fast.
CREATE TABLE cast_list(tenant TEXT, members TEXT NOT NULL, id INTEGER PRIMARY KEY) STRICT;

-- One observation by one product. Times are nanoseconds since 1970 UTC; until is NULL when equal
-- to at, count when 1. key is the content hash, 16 bytes, of which the first eight are the alert's id in
-- reports: exact repeats within one file are told apart by their number, which is hashed in. native_id is an
-- integer where it is written as one.
CREATE TABLE alert(
  at INTEGER NOT NULL, key BLOB NOT NULL, until INTEGER, source INTEGER NOT NULL,
  line INTEGER NOT NULL, offset INTEGER NOT NULL, length INTEGER NOT NULL, verdict INTEGER NOT NULL,
  cast_list INTEGER NOT NULL, score REAL, bytes_out INTEGER, bytes_in INTEGER, count INTEGER, reported INTEGER,
  native_id ANY, title TEXT, id INTEGER PRIMARY KEY,
  UNIQUE (at, key)) STRICT;

-- The other places where an alert was read again, word for word: every source stays cited.
CREATE TABLE mention(
  alert INTEGER NOT NULL, source INTEGER NOT NULL, line INTEGER NOT NULL, offset INTEGER NOT NULL,
  length INTEGER NOT NULL, PRIMARY KEY (alert, source)) STRICT, WITHOUT ROWID;

-- Alerts with what was said of them, and with their members, spelled out for people who look into the file.
CREATE VIEW alert_verdict AS
  SELECT a.id AS alert, lower(hex(substr(a.key, 1, 8))) AS told_as,
    datetime(a.at / 1000000000, 'unixepoch') AS utc, r.product, r.native AS rule, r.name, v.kind, v.severity,
    v.severity_native, v.action, v.confidence
  FROM alert a JOIN verdict v ON v.id = a.verdict JOIN rule r ON r.id = v.rule;

CREATE VIEW alert_member AS
  SELECT a.id AS alert, m.value % 10 AS role, e.kind, e.value, coalesce(e.shown, e.value) AS shown
  FROM alert a JOIN cast_list c ON c.id = a.cast_list JOIN json_each(c.members) m
  JOIN entity e ON e.id = m.value / 10;

-- The records of alerts as they were read, secrets masked, in blocks packed with zstd; offset is
-- where the first begins. Empty after import --no-raw: then only the source holds them.
CREATE TABLE raw(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL,
  packed BLOB NOT NULL, UNIQUE (source, offset)) STRICT;
