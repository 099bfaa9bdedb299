-- One indicator of compromise, whichever lists name it. source is the first that did; 0: none
-- does any more.
CREATE TABLE indicator(
  id INTEGER PRIMARY KEY, kind TEXT NOT NULL, value TEXT NOT NULL, source INTEGER NOT NULL,
  UNIQUE (kind, value)) STRICT;

-- What one list says of an indicator, and where. Times are nanoseconds since 1970 UTC; sum is the
-- hash that table truth adds up. producer, statement (a hash of the producer and the id under which he changes it later), stated and
-- withdrawn tell which of several claims still holds.
CREATE TABLE claim(
  indicator INTEGER NOT NULL REFERENCES indicator, source INTEGER NOT NULL REFERENCES source,
  line INTEGER NOT NULL, offset INTEGER NOT NULL, written TEXT, context TEXT, list TEXT, tlp TEXT,
  techniques TEXT, confidence INTEGER, first_seen INTEGER, last_seen INTEGER, valid_until INTEGER,
  detect INTEGER NOT NULL, why TEXT,
  producer TEXT, statement INTEGER, stated INTEGER, withdrawn INTEGER NOT NULL,
  sum INTEGER NOT NULL) STRICT;
CREATE INDEX claim_indicator ON claim(indicator);
CREATE INDEX claim_source ON claim(source);
