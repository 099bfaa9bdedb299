-- Everything below is concluded, not read: it can be emptied and made again.

-- What the conclusions were drawn from, as table truth says it, and by whom: program and knowledge
-- (render/cli/provenance.h). counted: its alerts, each once; queue: incidents with a rank.
CREATE TABLE analysis(
  one INTEGER PRIMARY KEY CHECK (one = 1), drawn_by TEXT NOT NULL, alerts INTEGER NOT NULL,
  alert_sum INTEGER NOT NULL, claims INTEGER NOT NULL, claim_sum INTEGER NOT NULL,
  telemetry INTEGER NOT NULL, telemetry_sum INTEGER NOT NULL, counted INTEGER NOT NULL,
  episodes INTEGER NOT NULL, incidents INTEGER NOT NULL, queue INTEGER NOT NULL) STRICT;

-- A burst of alerts of one rule. members: a JSON array [[role, entity], ...]. act: the first
-- episode of the one act that several rules saw, else itself. paced: calls at a steady pace.
-- alert_ids: its alerts in order of time, packed by analyst/store/pack.c: a row an alert would be a tenth of the
-- file, and written anew each time. In words: tsumugi export assignments.
CREATE TABLE episode(
  id INTEGER PRIMARY KEY, rule INTEGER NOT NULL, host INTEGER, cast_list INTEGER NOT NULL, tenant TEXT,
  first INTEGER NOT NULL, last INTEGER NOT NULL, alerts INTEGER NOT NULL, severity INTEGER NOT NULL,
  unusual REAL NOT NULL, incident INTEGER, members TEXT NOT NULL, act INTEGER NOT NULL,
  paced INTEGER NOT NULL, alert_ids BLOB NOT NULL) STRICT;

-- The queue by rank, then, with rank 0, what stayed below the line. hosts: a JSON array of
-- entities, the most affected first.
CREATE TABLE incident(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rank INTEGER NOT NULL, priority TEXT NOT NULL,
  score REAL NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, alerts INTEGER NOT NULL,
  hosts TEXT NOT NULL) STRICT;

-- The episodes of an incident in time order.
CREATE TABLE incident_episode(
  incident INTEGER NOT NULL, position INTEGER NOT NULL, episode INTEGER NOT NULL,
  PRIMARY KEY (incident, position)) STRICT, WITHOUT ROWID;

-- Why two episodes of an incident belong together.
CREATE TABLE link(
  incident INTEGER NOT NULL, position INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL,
  reason TEXT NOT NULL, weight REAL NOT NULL, entity INTEGER,
  PRIMARY KEY (incident, position)) STRICT, WITHOUT ROWID;

-- The parts of an incident's score. asset: the number of the asset it speaks of, in order of (kind, value).
CREATE TABLE factor(
  incident INTEGER NOT NULL, position INTEGER NOT NULL, key TEXT NOT NULL, points REAL NOT NULL,
  number REAL NOT NULL, subject TEXT, asset INTEGER, PRIMARY KEY (incident, position)) STRICT, WITHOUT ROWID;

-- What an incident's story is told with: a phrase key, its facts, and the episodes that prove it.
CREATE TABLE beat(
  incident INTEGER NOT NULL, position INTEGER NOT NULL, part INTEGER NOT NULL, key TEXT NOT NULL,
  certainty INTEGER NOT NULL, at INTEGER, until INTEGER, tactic INTEGER NOT NULL, technique TEXT,
  actor_lane TEXT, object_lane TEXT, response INTEGER NOT NULL, evidence INTEGER NOT NULL,
  alerts INTEGER NOT NULL, PRIMARY KEY (incident, position)) STRICT, WITHOUT ROWID;

-- The facts a beat's phrase is filled with.
CREATE TABLE beat_fact(
  incident INTEGER NOT NULL, beat INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
  kind INTEGER NOT NULL, item_kind INTEGER NOT NULL, text TEXT, value INTEGER NOT NULL,
  PRIMARY KEY (incident, beat, position)) STRICT, WITHOUT ROWID;

-- The items of a fact that is a list.
CREATE TABLE beat_item(
  incident INTEGER NOT NULL, beat INTEGER NOT NULL, fact INTEGER NOT NULL, position INTEGER NOT NULL,
  text TEXT NOT NULL, PRIMARY KEY (incident, beat, fact, position)) STRICT, WITHOUT ROWID;

-- The episodes that prove a beat; none when all of the incident's do.
CREATE TABLE beat_episode(
  incident INTEGER NOT NULL, beat INTEGER NOT NULL, position INTEGER NOT NULL, episode INTEGER NOT NULL,
  PRIMARY KEY (incident, beat, position)) STRICT, WITHOUT ROWID;

-- Alerts as loading made them of their rows, a block at a time: their ids lie in first .. last, sum adds up their hashes
-- as table truth does, packed is what analyst/store/blocks.c makes. A copy of what table alert says, never asked by
-- verify; without it loading takes longer.
CREATE TABLE alert_block(
  last INTEGER PRIMARY KEY, first INTEGER NOT NULL, alerts INTEGER NOT NULL, sum INTEGER NOT NULL,
  packed BLOB NOT NULL) STRICT;
