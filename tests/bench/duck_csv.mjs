// Loads a CSV file with a header, or Zeek's notice.log, into a DuckDB file:
//     node duck_csv.mjs FILE DATABASE csv|zeek
// Run in the folder that has node_modules/@duckdb/node-api.
import { createRequire } from "node:module";
import { rmSync, openSync, readSync, closeSync } from "node:fs";
const require = createRequire(process.cwd() + "/");
const { DuckDBInstance } = require("@duckdb/node-api");

const [file, database, kind] = process.argv.slice(2);
rmSync(database, { force: true });
rmSync(database + ".wal", { force: true });
const db = await DuckDBInstance.create(database, { threads: "2" });
const connection = await db.connect();
const path = file.replaceAll("'", "''");

if (kind === "zeek") {
	const handle = openSync(file), head = Buffer.alloc(4096);
	readSync(handle, head);
	closeSync(handle);
	const lines = head.toString().split("\n");
	const names = lines.find((l) => l.startsWith("#fields")).split("\t").slice(1).map((n) => `'${n}': 'VARCHAR'`);
	const skip = lines.findIndex((l) => !l.startsWith("#"));
	await connection.run(`CREATE TABLE alert AS SELECT to_timestamp(ts::DOUBLE) AS at, * EXCLUDE ts FROM read_csv('${path}', delim = '\t',
	  quote = '', escape = '', skip = ${skip}, header = false, nullstr = '-', auto_detect = false, columns = {${names.join(", ")}})`);
} else {
	await connection.run(`CREATE TABLE alert AS SELECT * FROM read_csv('${path}', header = true)`);
}
await connection.run("CHECKPOINT");
const reader = await connection.runAndReadAll("SELECT count(*) FROM alert");
console.log(String(reader.getRows()[0][0]));
connection.closeSync();
