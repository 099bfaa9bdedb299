-- What no product judged, counted: one row an hour of one file, kind and pair of ends. hour is
-- hours since 1970 UTC, kind a number of analyst/model/telemetry.h, first in nanoseconds;
-- from_end, to_end and name are '' where a record names none. seconds: those of the hour in
-- which the ends met, ascending, two bytes each (low byte first), NULL when there were too many
-- or no other end. sum adds up the records' hashes: rows of two files that agree in count and
-- sum are the same records, read twice, and count once. parts: how they are spread over the hour
-- (parts.h), NULL when all lie in the second of `first`: of files that share a piece of the hour
-- what the shared parts hold counts once. Ends first: such rows are neighbours. Of a host that
-- met more than 4,096 ends in an hour, the others share one row with to_end '*' (cells.h).
CREATE TABLE telemetry(
  hour INTEGER NOT NULL, kind INTEGER NOT NULL, tenant TEXT NOT NULL, from_end TEXT NOT NULL,
  to_end TEXT NOT NULL, name TEXT NOT NULL, source INTEGER NOT NULL, count INTEGER NOT NULL,
  bytes_out INTEGER NOT NULL, bytes_in INTEGER NOT NULL, first INTEGER NOT NULL, seconds BLOB,
  sum INTEGER NOT NULL, parts BLOB,
  PRIMARY KEY (hour, kind, tenant, from_end, to_end, name, source)) STRICT, WITHOUT ROWID;
