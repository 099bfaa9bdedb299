-- The user's own severities and techniques (analyst/model/override.h), in the order in which they are
-- asked. sum is the hash that table truth adds to claim_sum.
CREATE TABLE override(
  position INTEGER PRIMARY KEY, product TEXT, rule TEXT, native TEXT, severity TEXT, techniques TEXT,
  sum INTEGER NOT NULL) STRICT;
