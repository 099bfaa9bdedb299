-- Everything below is concluded, not read: it can be emptied and made again.

-- What the conclusions were drawn from, as table truth says it, and by whom: program and knowledge
-- (render/cli/provenance.h). counted: its alerts, each once; queue: incidents with a rank.
CREATE TABLE analysis(
  one INTEGER PRIMARY KEY CHECK (one = 1), drawn_by TEXT NOT NULL, alerts INTEGER NOT NULL,
  alert_sum INTEGER NOT NULL, claims INTEGER NOT NULL, claim_sum INTEGER NOT NULL,
  telemetry INTEGER NOT NULL, telemetry_sum INTEGER NOT NULL, counted INTEGER NOT NULL,
  episodes INTEGER NOT NULL, incidents INTEGER NOT NULL, queue INTEGER NOT NULL) STRICT;

-- Bursts of alerts of one rule, count of them from number first on, packed by
-- analyst/store/kept_episodes.c: a row an episode would take twice the room, and twenty times as long to
-- write anew each time. In words: tsumugi export assignments.
CREATE TABLE episode_block(first INTEGER PRIMARY KEY, count INTEGER NOT NULL, packed BLOB NOT NULL) STRICT;

-- The queue by rank, then, with rank 0, what stayed below the line. hosts: a JSON array of entities,
-- the most affected first. Its episodes name it. links: how many there are, and joined why two
-- episodes belong together; factors likewise, and scored the parts of the score; packed by
-- analyst/store/kept_incidents.c. In words: tsumugi show INCIDENT --json.
CREATE TABLE incident(
  number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rank INTEGER NOT NULL, priority TEXT NOT NULL,
  score REAL NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, alerts INTEGER NOT NULL,
  hosts TEXT NOT NULL, links INTEGER NOT NULL, joined BLOB NOT NULL, factors INTEGER NOT NULL,
  scored BLOB NOT NULL) STRICT;

-- What the story of an incident of the queue is told with: a phrase key, its facts, and the episodes
-- that prove it, cited of them, packed by analyst/store/pack.h; none when all of the incident's do.
-- Those below the line are told when they are asked for.
CREATE TABLE beat(
  incident INTEGER NOT NULL, position INTEGER NOT NULL, part INTEGER NOT NULL, key TEXT NOT NULL,
  certainty INTEGER NOT NULL, at INTEGER, until INTEGER, tactic INTEGER NOT NULL, technique TEXT,
  actor_lane TEXT, object_lane TEXT, response INTEGER NOT NULL, evidence INTEGER NOT NULL,
  alerts INTEGER NOT NULL, cited INTEGER NOT NULL, episodes BLOB NOT NULL,
  PRIMARY KEY (incident, position)) STRICT, WITHOUT ROWID;

-- The facts a beat's phrase is filled with.
CREATE TABLE beat_fact(
  incident INTEGER NOT NULL, beat INTEGER NOT NULL, position INTEGER NOT NULL, name TEXT NOT NULL,
  kind INTEGER NOT NULL, item_kind INTEGER NOT NULL, text TEXT, value INTEGER NOT NULL,
  PRIMARY KEY (incident, beat, position)) STRICT, WITHOUT ROWID;

-- The items of a fact that is a list.
CREATE TABLE beat_item(
  incident INTEGER NOT NULL, beat INTEGER NOT NULL, fact INTEGER NOT NULL, position INTEGER NOT NULL,
  text TEXT NOT NULL, PRIMARY KEY (incident, beat, fact, position)) STRICT, WITHOUT ROWID;

-- Alerts as loading made them of their rows, a block at a time: their ids lie in first .. last, sum
-- adds up their hashes as table truth does, packed is what analyst/store/blocks.c makes. A copy of what
-- table alert says, which verify does not rely on but compares; without it loading takes longer.
CREATE TABLE alert_block(
  last INTEGER PRIMARY KEY, first INTEGER NOT NULL, alerts INTEGER NOT NULL, sum INTEGER NOT NULL,
  packed BLOB NOT NULL) STRICT;
