/* Every query of the case file, by name: Q(NAME, "SQL"). Included by sql.h and sql.c
 * with Q defined. A deliberate scan says so in its SQL. */

/* ---- import ---- */
Q(TRUTH, "SELECT alerts, alert_sum, claims, claim_sum, telemetry, telemetry_sum FROM truth")
Q(TRUTH_SET,
  "UPDATE truth SET alerts = :alerts, alert_sum = :alert_sum, claims = :claims, claim_sum = :claim_sum, "
  "telemetry = :telemetry, telemetry_sum = :telemetry_sum")

Q(SOURCE_BY_CONTENT,
  "SELECT id, done, offset, line, imported, repeated, rejected, blank, alerts, indicators, first, last, name, format, "
  "reading FROM source WHERE sha256 = :sha256 AND sha256 <> '' AND id <> :here ORDER BY done DESC, id LIMIT 1")
Q(SOURCE_OF_SIZE, "SELECT 1 FROM source WHERE size = :size LIMIT 1 /*scan*/")
Q(SOURCE_NEW,
  "INSERT INTO source(name, format, sha256, size, reading) VALUES (:name, :format, :sha256, :size, :reading)")
Q(SOURCE_TALLY, "SELECT imported, repeated, rejected, blank, alerts, indicators FROM source WHERE id = :id")
Q(SOURCE_READING,
  "UPDATE source SET format = :format, reading = :reading, done = 0, offset = 0, line = 0, imported = 0, repeated = 0, "
  "rejected = 0, blank = 0, alerts = 0, indicators = 0, first = NULL, last = NULL WHERE id = :id")
Q(SOURCE_RENAME, "UPDATE source SET name = :name WHERE id = :id")
Q(SOURCE_PROGRESS,
  "UPDATE source SET sha256 = :sha256, size = :size, done = :done, offset = :offset, line = :line, "
  "imported = :imported, repeated = :repeated, rejected = :rejected, blank = :blank, alerts = :alerts, "
  "indicators = :indicators, first = :first, last = :last WHERE id = :id")
Q(SOURCE_FORGET_MENTIONS, "DELETE FROM mention WHERE source = :id /*scan*/")
Q(SOURCE_FORGET_REJECTS, "DELETE FROM reject WHERE source = :id")
Q(SOURCE_FORGET_CLAIMS, "DELETE FROM claim WHERE source = :id")
Q(SOURCE_FORGET_ASSETS, "DELETE FROM asset WHERE source = :id")
Q(SOURCE_FORGET_RAW, "DELETE FROM raw WHERE source = :id")
Q(SOURCE_FORGET_TELEMETRY, "DELETE FROM telemetry WHERE source = :id /*scan*/")
Q(SOURCE_FORGET_ALERTS, "DELETE FROM alert WHERE source = :id /*scan*/")
Q(ALERT_SUMS, "SELECT key FROM alert WHERE source = :id /*scan*/")
/* To the source that mentions the alert and has the smallest number; first its tally, then the rows. */
Q(ALERTS_HANDED,
  "UPDATE source SET imported = imported + h.n, repeated = repeated - h.n, alerts = alerts + h.n FROM "
  "(SELECT s, count(*) AS n FROM (SELECT min(m.source) AS s FROM mention m JOIN alert a ON a.id = m.alert "
  "WHERE a.source = :id GROUP BY m.alert) GROUP BY s) AS h WHERE source.id = h.s /*scan*/")
Q(ALERTS_HAND_OVER,
  "UPDATE alert SET (source, line, offset, length) = (SELECT m.source, m.line, m.offset, m.length FROM mention m "
  "WHERE m.alert = alert.id ORDER BY m.source LIMIT 1) WHERE source = :id AND id IN (SELECT alert FROM mention) /*scan*/")
Q(MENTIONS_OF_OWN,
  "DELETE FROM mention WHERE source <> :id AND source = (SELECT a.source FROM alert a WHERE a.id = mention.alert) /*scan*/")
Q(INDICATORS_HANDED,
  "UPDATE source SET imported = imported + h.n, repeated = repeated - h.n, indicators = indicators + h.n FROM "
  "(SELECT s, count(*) AS n FROM (SELECT min(c.source) AS s FROM claim c JOIN indicator i ON i.id = c.indicator "
  "WHERE i.source = :id AND c.source <> :id GROUP BY c.indicator) GROUP BY s) AS h WHERE source.id = h.s /*scan*/")
Q(INDICATORS_HAND_OVER,
  "UPDATE indicator SET source = (SELECT ifnull(min(c.source), 0) FROM claim c WHERE c.indicator = indicator.id "
  "AND c.source <> :id) WHERE source = :id /*scan*/")
Q(INDICATOR_ADOPT, "UPDATE indicator SET source = :source WHERE id = :id")
Q(SOURCE_FORGET, "DELETE FROM source WHERE id = :id")

Q(RULES_AFTER,
  "SELECT id, product, native, name, category, techniques, tactics FROM rule "
  "WHERE id > max(:id, (SELECT ifnull(max(id), 0) FROM rule) - :kept) ORDER BY id")
Q(VERDICTS_AFTER,
  "SELECT id, rule, kind, severity, action, confidence, zone, severity_native FROM verdict "
  "WHERE id > max(:id, (SELECT ifnull(max(id), 0) FROM verdict) - :kept) ORDER BY id")
Q(ENTITIES_AFTER,
  "SELECT id, kind, value, shown FROM entity "
  "WHERE id > max(:id, (SELECT ifnull(max(id), 0) FROM entity) - :kept) ORDER BY id")
Q(INDICATORS_AFTER, "SELECT id, kind, value, source FROM indicator WHERE id > :id ORDER BY id")
Q(CASTS_AFTER,
  "SELECT id, tenant, members FROM cast_list "
  "WHERE id > max(:id, (SELECT ifnull(max(id), 0) FROM cast_list) - :kept) ORDER BY id")
Q(DATA_VERSION, "PRAGMA data_version")
Q(RULE_NEW,
  "INSERT INTO rule VALUES (:id, :product, :native, :name, :category, :techniques, :tactics)")
/* Many rows at once: OR FAIL, for else SQLite keeps the pages as they were before the statement, in a temporary file; what
 * fails is undone with the whole transaction. All columns but the id, in their order: then SQLite copies none of them on the
 * way, and appends. */
Q(VERDICTS_NEW,
  "INSERT OR FAIL INTO verdict(rule, kind, severity, action, confidence, zone, severity_native) "
  "SELECT c0, c1, c2, c3, c4, c5, c6 FROM new_verdict")
Q(ENTITIES_NEW, "INSERT OR FAIL INTO entity(kind, value, shown) SELECT c0, c1, c2 FROM new_entity")
Q(ENTITY_SHOWN, "UPDATE entity SET shown = nullif(:shown, value) WHERE id = :id AND coalesce(shown, value) > :shown")
Q(CASTS_NEW, "INSERT OR FAIL INTO cast_list(tenant, members) SELECT c0, c1 FROM new_cast")
Q(INDICATOR_NEW, "INSERT INTO indicator VALUES (:id, :kind, :value, :source)")

#define ALERT_ROW "INSERT OR FAIL INTO alert(at, key, until, source, line, offset, length, verdict, cast_list, score, " \
  "bytes_out, bytes_in, count, reported, native_id, title) "
#define ALERTS_FROM_FEED ALERT_ROW "SELECT c0, c1, c2, :source, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14 " \
  "FROM new_alert WHERE true ON CONFLICT "
Q(ALERTS_NEW, ALERTS_FROM_FEED "DO NOTHING")
/* Where none of them states what few do: a value that is not asked for of each row is a fortieth of the time. */
Q(ALERTS_NEW_PLAIN, ALERT_ROW
  "SELECT c0, c1, NULL, :source, c3, c4, c5, c6, c7, NULL, c9, c10, NULL, NULL, c13, NULL "
  "FROM new_alert WHERE true ON CONFLICT DO NOTHING")
/* What another file brought stays where that has it, and means what is read now. */
Q(ALERTS_AGAIN, ALERTS_FROM_FEED "(at, key) DO UPDATE SET until = excluded.until, verdict = excluded.verdict, "
  "cast_list = excluded.cast_list, score = excluded.score, bytes_out = excluded.bytes_out, bytes_in = excluded.bytes_in, "
  "count = excluded.count, reported = excluded.reported, native_id = excluded.native_id, title = excluded.title")
Q(ALERT_BY_KEY,
  "SELECT id, source, offset FROM alert WHERE at = :at AND key = :key")
Q(MENTION_NEW,
  "INSERT INTO mention VALUES (:alert, :source, :line, :offset, :length) ON CONFLICT DO NOTHING")
Q(MENTION_OFFSET, "SELECT offset FROM mention WHERE alert = :alert AND source = :source")
Q(CLAIM_NEW,
  "INSERT INTO claim VALUES (:indicator, :source, :line, :offset, :written, :context, :list, :tlp, "
  ":techniques, :confidence, :first_seen, :last_seen, :valid_until, :detect, :why, "
  ":producer, :statement, :stated, :withdrawn, :sum)")
Q(CLAIM_HERE, "SELECT 1 FROM claim WHERE indicator = :indicator AND source = :source LIMIT 1")
Q(CLAIM_SUMS,
  "SELECT sum FROM claim WHERE source = :id UNION ALL SELECT sum FROM asset WHERE source = :id")
Q(ASSET_NEW,
  "INSERT INTO asset VALUES (:source, :line, :offset, :kind, :value, :criticality, :role, :owner, :sum)")
Q(TRUTH_CLAIM_SUM, "UPDATE truth SET claim_sum = :claim_sum")
Q(OVERRIDE_SUMS, "SELECT sum FROM override")
Q(OVERRIDE_NEW,
  "INSERT INTO override VALUES (:position, :product, :rule, :native, :severity, :techniques, :sum)")
Q(RAW_NEW, "INSERT OR REPLACE INTO raw VALUES (NULL, :source, :offset, :size, :packed)")
Q(TELEMETRY_NEW,
  "INSERT INTO telemetry VALUES (:hour, :kind, :tenant, :from_end, :to_end, :name, :source, :count, "
  ":bytes_out, :bytes_in, :first, :seconds, :sum, :parts) ON CONFLICT DO NOTHING")
Q(TELEMETRY_CELL,
  "SELECT count, bytes_out, bytes_in, first, sum, seconds, parts FROM telemetry WHERE hour = :hour AND kind = :kind "
  "AND tenant = :tenant AND from_end = :from_end AND to_end = :to_end AND name = :name AND source = :source")
Q(TELEMETRY_MORE,
  "UPDATE telemetry SET count = :count, bytes_out = :bytes_out, bytes_in = :bytes_in, first = :first, "
  "seconds = :seconds, sum = :sum, parts = :parts WHERE hour = :hour AND kind = :kind AND tenant = :tenant "
  "AND from_end = :from_end AND to_end = :to_end AND name = :name AND source = :source")
Q(TELEMETRY_ENDS_COUNT,
  "SELECT count(*) FROM telemetry WHERE hour = :hour AND kind = :kind AND tenant = :tenant "
  "AND from_end = :from_end AND source = :source")
Q(TELEMETRY_ENDS,
  "SELECT to_end, name FROM telemetry WHERE hour = :hour AND kind = :kind AND tenant = :tenant "
  "AND from_end = :from_end AND source = :source")
Q(TELEMETRY_FORGET,
  "DELETE FROM telemetry WHERE hour = :hour AND kind = :kind AND tenant = :tenant "
  "AND from_end = :from_end AND to_end = :to_end AND name = :name AND source = :source")
Q(TELEMETRY_SUMS, "SELECT count, sum FROM telemetry WHERE source = :id /*scan*/")
Q(REJECT_NEW, "INSERT INTO reject VALUES (:source, :line, :offset, :reason)")

/* ---- reading ---- */
Q(SOURCES,
  "SELECT id, name, format, sha256, size, imported, repeated, rejected, blank, alerts, indicators, first, "
  "last, done FROM source ORDER BY id")
Q(SHARED_ALERTS,
  "SELECT m.alert, a.source, m.source FROM mention m JOIN alert a ON a.id = m.alert ORDER BY m.alert /*scan*/")
Q(SHARED_INDICATORS,
  "SELECT DISTINCT c.indicator, i.source, c.source FROM claim c JOIN indicator i ON i.id = c.indicator "
  "WHERE c.source <> i.source ORDER BY c.indicator /*scan*/")
Q(REJECTS,
  "SELECT line, offset, reason FROM reject WHERE source = :source ORDER BY offset, line, reason")
Q(RULES, "SELECT id, product, native, name, category, techniques, tactics FROM rule")
Q(VERDICTS, "SELECT id, rule, kind, severity, action, confidence, zone FROM verdict ORDER BY id")
Q(ENTITIES, "SELECT id, kind, value, shown FROM entity")
Q(CASTS, "SELECT id, tenant, members FROM cast_list ORDER BY id")
Q(ALERT_COUNT, "SELECT count(*), max(id) FROM alert /*scan*/")
Q(ALERTS_AFTER_COUNT, "SELECT count(*), max(id) FROM alert WHERE id > :after")
Q(ALERTS_AFTER,
  "SELECT id, at, key, until, source, verdict, cast_list, score, bytes_out FROM alert WHERE id > :after ORDER BY id")
Q(BLOCKS, "SELECT first, last, alerts, sum FROM alert_block ORDER BY last")
Q(BLOCK, "SELECT packed FROM alert_block WHERE last = :last")
Q(SOURCE_FORMATS, "SELECT id, format FROM source ORDER BY format /*scan*/")
Q(NATIVE_IDS, "SELECT id, source, native_id, verdict, reported FROM alert /*scan*/")
Q(CLAIMS,
  "SELECT i.id, i.kind, i.value, c.written, c.context, c.list, c.tlp, c.techniques, c.confidence, "
  "c.first_seen, c.last_seen, c.valid_until, c.detect, c.why, c.producer, c.statement, c.stated, c.withdrawn, c.source "
  "FROM indicator i JOIN claim c ON c.indicator = i.id ORDER BY i.kind, i.value /*scan*/")
Q(STATEMENTS,
  "SELECT statement, max(stated) FROM claim WHERE statement IS NOT NULL AND stated IS NOT NULL GROUP BY statement "
  "HAVING min(stated) < max(stated) /*scan*/")
Q(ASSETS, "SELECT kind, value, criticality, role, owner FROM asset /*scan*/")
Q(TELEMETRY,
  "SELECT hour, kind, tenant, from_end, to_end, name, source, count, bytes_out, bytes_in, first, seconds, sum, parts "
  "FROM telemetry ORDER BY hour, kind, tenant, from_end, to_end, name /*scan*/")
Q(ALERT_HOURS, "SELECT DISTINCT source, at / 3600000000000 - (at < 0) FROM alert /*scan*/")
Q(OVERRIDES, "SELECT product, rule, native, severity, techniques FROM override ORDER BY position")
Q(NATIVE_SEVERITIES,
  "SELECT a.id, v.severity_native FROM alert a JOIN verdict v ON v.id = a.verdict WHERE v.severity_native IS NOT NULL /*scan*/")
Q(EVIDENCE,
  "SELECT a.source, a.line, a.offset, a.length, a.title, v.severity_native, a.native_id "
  "FROM alert a LEFT JOIN verdict v ON v.id = a.verdict WHERE a.id = :id")
Q(RAW_BLOCKS,
  "SELECT offset, size, packed FROM raw WHERE source = :source AND offset <= :offset ORDER BY offset DESC LIMIT 4")
Q(MENTIONS_OF,
  "SELECT source, line, offset, length FROM mention WHERE alert = :alert")
Q(PLACES,
  "SELECT id, key, source, line, offset FROM alert ORDER BY id /*scan*/")
Q(MENTIONS, "SELECT alert, source, line, offset FROM mention /*scan*/")

/* ---- derived ---- */
Q(ANALYSIS, "SELECT drawn_by, alerts, alert_sum, claims, claim_sum, telemetry, telemetry_sum, counted, episodes, incidents, queue "
  "FROM analysis")
Q(ANALYSIS_NEW,
  "INSERT INTO analysis VALUES (1, :drawn_by, :alerts, :alert_sum, :claims, :claim_sum, :telemetry, "
  ":telemetry_sum, :counted, :episodes, :incidents, :queue)")
Q(BLOCKS_EMPTY, "DELETE FROM alert_block")
Q(BLOCKS_FORGET, "DELETE FROM alert_block WHERE last > :after")
Q(BLOCK_NEW, "INSERT INTO alert_block VALUES (:last, :first, :alerts, :sum, :packed)")
Q(EPISODES_NEW, "INSERT INTO episode_block VALUES (:first, :count, :packed)")
Q(INCIDENTS_NEW, "INSERT OR FAIL INTO incident SELECT c0, c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12 FROM new_incident")
Q(BEAT_NEW,
  "INSERT INTO beat VALUES (:incident, :position, :part, :key, :certainty, :at, :until, :tactic, :technique, "
  ":actor_lane, :object_lane, :response, :evidence, :alerts, :cited, :episodes)")
Q(BEAT_FACT_NEW,
  "INSERT INTO beat_fact VALUES (:incident, :beat, :position, :name, :kind, :item_kind, :text, :value)")
Q(BEAT_ITEM_NEW, "INSERT INTO beat_item VALUES (:incident, :beat, :fact, :position, :text)")

Q(EPISODES, "SELECT first, count, packed FROM episode_block ORDER BY first")
Q(INCIDENTS,
  "SELECT number, id, rank, priority, score, first, last, alerts, hosts, links, joined, factors, scored FROM incident "
  "ORDER BY number")
Q(BEATS,
  "SELECT part, key, certainty, at, until, tactic, technique, actor_lane, object_lane, response, evidence, "
  "alerts, cited, episodes FROM beat WHERE incident = :incident ORDER BY position")
Q(BEAT_FACTS,
  "SELECT beat, name, kind, item_kind, text, value FROM beat_fact WHERE incident = :incident "
  "ORDER BY beat, position")
Q(BEAT_ITEMS, "SELECT text FROM beat_item WHERE incident = :incident AND beat = :beat AND fact = :fact "
  "ORDER BY position")

/* ---- notes ---- */
Q(NOTES, "SELECT incident, field, lang, text FROM note ORDER BY incident, field, lang")
Q(NOTE_SET, "INSERT OR REPLACE INTO note VALUES (:incident, :field, :lang, :text)")
Q(NOTE_FORGET, "DELETE FROM note WHERE incident = :incident AND field = :field AND lang = :lang")
