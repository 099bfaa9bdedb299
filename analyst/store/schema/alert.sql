-- Of rules, entities and casts a row may be there twice: import knows those met lately, and an index
-- over all of them would take as long as all else. They are joined on loading.

-- What fired, shared by its alerts. Lists of techniques and tactics are separated by spaces.
CREATE TABLE rule(
  id INTEGER PRIMARY KEY, product TEXT NOT NULL, native TEXT, name TEXT NOT NULL, category TEXT,
  techniques TEXT, tactics TEXT) STRICT;

-- Hosts, addresses, accounts, files ... by canonical value; shown is the spelling for readers, NULL
-- when it is the value itself.
CREATE TABLE entity(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, shown TEXT) STRICT;

-- Who takes part, shared by alike alerts: members is a JSON array of numbers: an entity's id, and as
-- the last digit its role, as analyst/model/entity.h numbers them; view alert_member spells it out. One
-- row instead of one a member keeps imports fast.
CREATE TABLE cast_list(id INTEGER PRIMARY KEY, tenant TEXT, members TEXT NOT NULL) STRICT;

-- One observation by one product. Times are nanoseconds since 1970 UTC; until is NULL when equal
-- to at, count when 1. key and key2 are the content hash (128 bits): exact repeats within one
-- file are told apart by their number, which is hashed in. native_id is an integer where it is
-- written as one. The numbers of zone, kind, severity and action are those of analyst/model/alert.h.
CREATE TABLE alert(
  id INTEGER PRIMARY KEY, at INTEGER NOT NULL, key INTEGER NOT NULL, key2 INTEGER NOT NULL,
  until INTEGER, source INTEGER NOT NULL, line INTEGER NOT NULL, offset INTEGER NOT NULL,
  length INTEGER NOT NULL, rule INTEGER NOT NULL, cast_list INTEGER NOT NULL, kind INTEGER NOT NULL,
  severity INTEGER NOT NULL, action INTEGER NOT NULL, confidence INTEGER, score REAL,
  bytes_out INTEGER, bytes_in INTEGER, count INTEGER, reported INTEGER, zone INTEGER NOT NULL,
  severity_native TEXT, native_id ANY, title TEXT,
  UNIQUE (at, key, key2)) STRICT;

-- The other places where an alert was read again, word for word: every source stays cited.
CREATE TABLE mention(
  alert INTEGER NOT NULL, source INTEGER NOT NULL, line INTEGER NOT NULL, offset INTEGER NOT NULL,
  length INTEGER NOT NULL, PRIMARY KEY (alert, source)) STRICT, WITHOUT ROWID;

-- Alerts with their members spelled out, for people who look into the file.
CREATE VIEW alert_member AS
  SELECT a.id AS alert, m.value % 10 AS role, e.kind, e.value, coalesce(e.shown, e.value) AS shown
  FROM alert a JOIN cast_list c ON c.id = a.cast_list JOIN json_each(c.members) m
  JOIN entity e ON e.id = m.value / 10;

-- The records of alerts as they were read, secrets masked, in blocks packed with zstd; offset is
-- where the first begins. Empty after import --no-raw: then only the source holds them.
CREATE TABLE raw(
  id INTEGER PRIMARY KEY, source INTEGER NOT NULL, offset INTEGER NOT NULL, size INTEGER NOT NULL,
  packed BLOB NOT NULL, UNIQUE (source, offset)) STRICT;
