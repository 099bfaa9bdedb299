// Loads an EVE file into a DuckDB file with the fields that `tsumugi import` takes:
//     node duck.mjs FILE DATABASE [raw]
// Run in the folder that has node_modules/@duckdb/node-api. With "raw" each record's line is kept too.
import { createRequire } from "node:module";
import { rmSync } from "node:fs";
const require = createRequire(process.cwd() + "/");
const { DuckDBInstance } = require("@duckdb/node-api");

const [file, database, raw] = process.argv.slice(2);
rmSync(database, { force: true });
rmSync(database + ".wal", { force: true });
const db = await DuckDBInstance.create(database, { threads: "2" });
const connection = await db.connect();

const columns = `{
  timestamp: 'TIMESTAMPTZ', flow_id: 'BIGINT', event_type: 'VARCHAR', src_ip: 'VARCHAR', src_port: 'INTEGER',
  dest_ip: 'VARCHAR', dest_port: 'INTEGER', proto: 'VARCHAR', host: 'VARCHAR',
  alert: 'STRUCT(action VARCHAR, gid INTEGER, signature_id BIGINT, signature VARCHAR, category VARCHAR, severity INTEGER,
    metadata STRUCT(signature_severity VARCHAR[], mitre_tactic_id VARCHAR[], mitre_technique_id VARCHAR[]))',
  http: 'STRUCT(hostname VARCHAR, url VARCHAR, http_user_agent VARCHAR)',
  tls: 'STRUCT(sni VARCHAR, fingerprint VARCHAR, ja3 STRUCT(hash VARCHAR))',
  dns: 'STRUCT(query STRUCT(rrname VARCHAR)[])', smb: 'STRUCT(filename VARCHAR)',
  files: 'STRUCT(filename VARCHAR, magic VARCHAR)[]', flow: 'STRUCT(bytes_toserver BIGINT, bytes_toclient BIGINT)'}`;
const fields = (r) => `${r}timestamp AS at, ${r}flow_id AS flow_id, ${r}src_ip AS src_ip, ${r}dest_ip AS dest_ip,
  ${r}dest_port AS dest_port, ${r}host AS host, ${r}alert.action AS action, ${r}alert.signature_id AS signature_id,
  ${r}alert.signature AS signature, ${r}alert.category AS category, ${r}alert.severity AS severity,
  ${r}alert.metadata.signature_severity AS words, ${r}alert.metadata.mitre_tactic_id AS tactics,
  ${r}alert.metadata.mitre_technique_id AS techniques, ${r}http.hostname AS hostname, ${r}http.url AS url,
  ${r}http.http_user_agent AS agent, ${r}tls.sni AS sni, ${r}tls.fingerprint AS fingerprint, ${r}tls.ja3.hash AS ja3,
  ${r}dns.query[1].rrname AS rrname, ${r}smb.filename AS share_file, ${r}files[1].filename AS file,
  ${r}files[1].magic AS magic, ${r}flow.bytes_toserver AS bytes_out, ${r}flow.bytes_toclient AS bytes_in`;

// "STRUCT(a VARCHAR, b STRUCT(c VARCHAR)[])" as json_transform wants it: {"a":"VARCHAR","b":[{"c":"VARCHAR"}]}
function nested(type) {
	let at = 0;
	const one = () => {
		let value;
		if (type.startsWith("STRUCT(", at)) {
			at += 7;
			value = {};
			while (type[at] !== ")") {
				const key = /^[\s,]*(\w+)\s+/.exec(type.slice(at));
				at += key[0].length;
				value[key[1]] = one();
			}
			at++;
		} else {
			value = /^\w+/.exec(type.slice(at))[0];
			at += value.length;
		}
		while (type.startsWith("[]", at)) {
			value = [value];
			at += 2;
		}
		return value;
	};
	return one();
}

const path = file.replaceAll("'", "''");

// The whole line as JSON beside the same fields, taken out of it in one pass by a structure.
if (raw === "raw") {
	const structure = JSON.stringify(Object.fromEntries([...columns.matchAll(/(\w+): '([^']*)'/g)].map(([, k, t]) => [k, nested(t)])));
	await connection.run(`CREATE TABLE alert AS SELECT ${fields("r.")}, line AS raw FROM (SELECT json AS line,
	  json_transform(json, '${structure}') AS r FROM read_ndjson_objects('${path}')) WHERE r.event_type = 'alert'`);
} else {
	await connection.run(`CREATE TABLE alert AS SELECT ${fields("")} FROM read_json('${path}', format = 'newline_delimited',
	  columns = ${columns}) WHERE event_type = 'alert'`);
}
await connection.run("CHECKPOINT");
const reader = await connection.runAndReadAll("SELECT count(*) FROM alert");
console.log(String(reader.getRows()[0][0]));
connection.closeSync();
