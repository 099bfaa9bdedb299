-- What one list says of a machine, network or account of ours; kind, value and criticality as in
-- analyst/model/asset.h. sum is the hash that table truth adds up.
CREATE TABLE asset(
  source INTEGER NOT NULL REFERENCES source, line INTEGER NOT NULL, offset INTEGER NOT NULL,
  kind TEXT NOT NULL, value TEXT NOT NULL, criticality TEXT NOT NULL, role TEXT, owner TEXT,
  sum INTEGER NOT NULL) STRICT;
CREATE INDEX asset_source ON asset(source);
