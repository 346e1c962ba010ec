// Fails the build when the first page weighs more than its limit, as gzip would send it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

const kLimitBytes = 100_000;

function files_in(folder) {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
        const path = join(folder, entry.name);
        return entry.isDirectory() ? files_in(path) : [path];
    });
}

const sizes = files_in('dist').map((path) => [path, gzipSync(readFileSync(path)).length]);
const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0);
console.log(`whole page: ${(total / 1000).toFixed(1)} kB gzip of ${kLimitBytes / 1000} kB`);
if (total > kLimitBytes) {
    console.error(sizes.map(([path, bytes]) => `${path}: ${bytes} bytes gzip`).join('\n'));
    process.exit(1);
}
