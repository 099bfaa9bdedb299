-- What people add to the reports: owner, impact, decision. incident is '' for all of them, lang '' for both
-- languages. No part of the truth: nothing is concluded from it.
CREATE TABLE note(
  incident TEXT NOT NULL, field TEXT NOT NULL, lang TEXT NOT NULL, text TEXT NOT NULL,
  PRIMARY KEY (incident, field, lang)) STRICT, WITHOUT ROWID;
