// SIPp as callers and agents: starts it with a scenario of sipp/ and reads its statistics.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Program, kHere, temporary_folder } from './lib.mjs';

let starts = 0;

export class Sipp extends Program {
    // `scenario` is a file name in sipp/; `target` is where calls go, for agents nothing.
    constructor({ scenario, address = '127.0.0.1', port, target, args = [] }) {
        const folder = temporary_folder('lanze-sipp-');
        starts += 1;
        const common = ['-sf', join(kHere, 'sipp', scenario), '-i', address, '-p', String(port)];
        const media = ['-mi', address, '-mp', String(40_000 + (process.pid % 100) * 200 + (starts % 10) * 20)];
        const traces = ['-trace_stat', '-stf', join(folder, 'stat.csv'), '-fd', '1'];
        const errors = ['-trace_err', '-error_file', join(folder, 'errors.log')];
        super('sipp', [...(target ? [target] : []), ...common, ...media, ...traces, ...errors,
            '-nostdin', ...args], { name: `sipp ${scenario}`, cwd: folder });
        this.folder = folder;
    }

    // What went wrong; that a pause of the scenario is over is no error, though SIPp calls it one.
    errors() {
        const file = join(this.folder, 'errors.log');
        const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
        return text.split(/(?=\d{4}-\d\d-\d\d\t)/)
            .filter((part) => !/receive timeout on message|Maximum number of open sockets/.test(part))
            .join('\n');
    }

    // The cumulated figures of the last line: created, successful, failed, and the counters of the
    // scenario by name.
    figures() {
        const file = join(this.folder, 'stat.csv');
        const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
        const figures = { created: 0, successful: 0, failed: 0, retransmissions: 0, current: 0 };
        if (lines.length < 2) {
            return figures;
        }
        const names = lines[0].split(';');
        const values = lines.at(-1).split(';');
        const value = (name) => Number(values[names.indexOf(name)] ?? 0);
        figures.created = value('TotalCallCreated');
        figures.current = value('CurrentCall');
        figures.successful = value('SuccessfulCall(C)');
        figures.failed = value('FailedCall(C)');
        figures.retransmissions = value('Retransmissions(C)');
        for (const [index, name] of names.entries()) {
            const counter = /^(?:GenericCounter)?(\w+)\(C\)$/.exec(name)?.[1];
            if (counter && /^[a-z]/.test(counter)) {
                figures[counter] = Number(values[index]);
            }
        }
        return figures;
    }
}
