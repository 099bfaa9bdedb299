-- One file that was read, with its tally and, while done is 0, how far its import has
-- come: the next one goes on behind byte "offset". first and last span its alerts. reading: what the
-- user could have said of how to read it, and what it was then, one "option=value" a line.
CREATE TABLE source(
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, format TEXT NOT NULL, sha256 TEXT NOT NULL,
  size INTEGER NOT NULL, done INTEGER NOT NULL DEFAULT 0,
  offset INTEGER NOT NULL DEFAULT 0, line INTEGER NOT NULL DEFAULT 0,
  imported INTEGER NOT NULL DEFAULT 0, repeated INTEGER NOT NULL DEFAULT 0,
  rejected INTEGER NOT NULL DEFAULT 0, blank INTEGER NOT NULL DEFAULT 0,
  alerts INTEGER NOT NULL DEFAULT 0, indicators INTEGER NOT NULL DEFAULT 0,
  first INTEGER, last INTEGER, reading TEXT NOT NULL) STRICT;
CREATE INDEX source_content ON source(sha256);

-- A record that could not be read, and why.
CREATE TABLE reject(
  source INTEGER NOT NULL REFERENCES source, line INTEGER NOT NULL, offset INTEGER NOT NULL,
  reason TEXT NOT NULL) STRICT;
CREATE INDEX reject_source ON reject(source);

-- What the truth adds up to, kept in step with it: counts, and sums of content hashes (claims: of
-- what lists say, of indicators, of assets and of the user's tables)
-- that do not depend on the order of import. An analysis remembers the sums it was made from.
CREATE TABLE truth(
  one INTEGER PRIMARY KEY CHECK (one = 1), alerts INTEGER NOT NULL, alert_sum INTEGER NOT NULL,
  claims INTEGER NOT NULL, claim_sum INTEGER NOT NULL, telemetry INTEGER NOT NULL,
  telemetry_sum INTEGER NOT NULL) STRICT;
INSERT INTO truth VALUES (1, 0, 0, 0, 0, 0, 0);
