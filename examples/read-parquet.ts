/**
 * Reads an export with a Parquet reader that shares no code with tagmill, hyparquet:
 *
 *   npx tagmill export --format parquet --output tags.parquet
 *   npx --no node -- examples/read-parquet.ts tags.parquet
 *
 * Prints how many images have each tag, most first. DuckDB asks the same of the same file:
 *   SELECT tag, count(*) FROM (SELECT unnest(tags) AS tag FROM 'tags.parquet') GROUP BY tag ORDER BY 2 DESC, 1
 */
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet';

interface Row {
  key: string;
  tags: string[];
}

const file = await asyncBufferFromFile(process.argv[2]!);
const rows = (await parquetReadObjects({ file })) as Row[];
const counts = new Map<string, number>();
for (const tag of rows.flatMap(({ tags }) => tags)) counts.set(tag, (counts.get(tag) ?? 0) + 1);
for (const [tag, count] of [...counts].sort(([, a], [, b]) => b - a)) process.stdout.write(`${tag} ${count}\n`);
