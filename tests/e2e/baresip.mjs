// baresip as a caller or an agent's phone: speaks a tone, records what it says and hears, and takes
// commands over its control connection.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';

import { Program, after_test, check, free_port, own_address, temporary_folder, wait_for } from './lib.mjs';

const kRate = 8000;
const kToneSeconds = 120;

function tone_wav(hertz) {
    const count = kRate * kToneSeconds;
    const bytes = Buffer.alloc(44 + count * 2);
    bytes.write('RIFF', 0);
    bytes.writeUInt32LE(36 + count * 2, 4);
    bytes.write('WAVEfmt ', 8);
    bytes.writeUInt32LE(16, 16);
    bytes.writeUInt16LE(1, 20); // PCM
    bytes.writeUInt16LE(1, 22); // one channel
    bytes.writeUInt32LE(kRate, 24);
    bytes.writeUInt32LE(kRate * 2, 28);
    bytes.writeUInt16LE(2, 32);
    bytes.writeUInt16LE(16, 34);
    bytes.write('data', 36);
    bytes.writeUInt32LE(count * 2, 40);
    for (let i = 0; i < count; ++i) {
        const sample = Math.round(8000 * Math.sin((2 * Math.PI * hertz * i) / kRate));
        bytes.writeInt16LE(sample, 44 + i * 2);
    }
    return bytes;
}

function config_of({ folder, sip_port, control }) {
    return `
poll_method epoll
sip_listen 127.0.0.1:${sip_port}
net_interface 127.0.0.1
audio_player aubridge,nil
audio_source aufile,${folder}/tone.wav
audio_alert aubridge,nil
audio_srate 8000-8000
audio_channels 1-1
ausrc_srate 8000
auplay_srate 8000
rtp_ports 40000-49999
module_path /usr/lib/baresip/modules
module g711.so
module aufile.so
module aubridge.so
module sndfile.so
module account.so
module menu.so
module ctrl_tcp.so
snd_path ${folder}
ctrl_tcp_listen ${control}:4444
`;
}

// Samples of a WAV file with 16 bit PCM; one that is still being written has no length in its head.
function samples_of(path) {
    const bytes = readFileSync(path);
    const data = bytes.indexOf('data') + 8;
    check(data > 8 && bytes.readUInt16LE(34) === 16, `${path} is not 16 bit PCM`);
    const samples = new Float64Array(Math.floor((bytes.length - data) / 2));
    for (let i = 0; i < samples.length; ++i) {
        samples[i] = bytes.readInt16LE(data + i * 2) / 32768;
    }
    return samples;
}

// The level of one frequency in dB below a full sine (Goertzel).
function level_of(samples, hertz) {
    const turn = 2 * Math.cos((2 * Math.PI * hertz) / kRate);
    let [before, last] = [0, 0];
    for (const sample of samples) {
        [before, last] = [last, sample + turn * last - before];
    }
    const power = last * last + before * before - turn * last * before;
    return 10 * Math.log10((4 * power) / samples.length ** 2 + 1e-12);
}

export class Baresip extends Program {
    static async start({ account, hertz, answermode = 'manual', name, dial }) {
        const folder = temporary_folder('lanze-baresip-');
        const sip_port = await free_port();
        const control = own_address(); // where nobody else has a port
        writeFileSync(join(folder, 'tone.wav'), tone_wav(hertz));
        writeFileSync(join(folder, 'config'), config_of({ folder, sip_port, control }));
        writeFileSync(join(folder, 'accounts'), `${account};answermode=${answermode}\n`);
        writeFileSync(join(folder, 'contacts'), '');
        const phone = new Baresip(folder, name);
        phone.folder = folder;
        phone.sip_port = sip_port;
        await phone.says('baresip is ready', 10_000);
        await phone.connect(control);
        if (dial) {
            phone.command('dial', dial);
        }
        return phone;
    }

    constructor(folder, name) {
        super('baresip', ['-f', folder], { name: `baresip ${name}`, cwd: folder });
        this.events = [];
    }

    // Commands and events are JSON in netstrings.
    connect(address) {
        return new Promise((done, failed) => {
            let buffer = Buffer.alloc(0);
            this.control = connect(4444, address, done);
            this.control.on('error', failed);
            after_test(() => this.control.destroy());
            this.control.on('data', (data) => {
                buffer = Buffer.concat([buffer, data]);
                for (;;) {
                    const colon = buffer.indexOf(':');
                    const length = Number(buffer.subarray(0, colon).toString());
                    if (colon < 0 || buffer.length < colon + length + 2) {
                        return;
                    }
                    const text = buffer.subarray(colon + 1, colon + 1 + length).toString();
                    buffer = buffer.subarray(colon + length + 2);
                    this.events.push(JSON.parse(text));
                }
            });
        });
    }

    command(command, params = '') {
        const text = JSON.stringify({ command, params, token: command });
        this.control.write(`${text.length}:${text},`);
    }

    // The next event of a type, such as 'CALL_ESTABLISHED'.
    event(type, limit_ms) {
        return wait_for(
            `${this.name}: ${type}`,
            () => {
                const place = this.events.findIndex((event) => event.type === type);
                return place >= 0 && this.events.splice(0, place + 1).at(-1);
            },
            limit_ms,
        );
    }

    recording(direction) {
        const files = readdirSync(this.folder).filter((file) => file.endsWith(`${direction}.wav`));
        return files.length === 0 ? undefined : join(this.folder, files.sort().at(-1));
    }

    // What comes in now, in bit/s, as the status line says it; averaged over 3 s.
    received_rate() {
        const rates = [...this.output.matchAll(/audio=\d+\/(\d+) \(bit/g)];
        return Number(rates.at(-1)?.[1] ?? 0);
    }

    heard_seconds() {
        const file = this.recording('dec');
        return file ? (readFileSync(file).length - 44) / 2 / kRate : 0;
    }

    // Of what was heard since `from` seconds: the longest time, in seconds, in which no 20 ms of the tone
    // was louder than `floor_db`.
    longest_without(hertz, from, floor_db = -35) {
        const frame = kRate / 50;
        const samples = samples_of(this.recording('dec'));
        let [longest, run] = [0, 0];
        for (let at = Math.floor(from * kRate); at + frame <= samples.length; at += frame) {
            const is_there = level_of(samples.subarray(at, at + frame), hertz) > floor_db;
            run = is_there ? 0 : run + 1;
            longest = Math.max(longest, run);
        }
        return longest / 50;
    }

    // Waits until `seconds` more were heard, then says how loud each frequency was in the last
    // `seconds` less a tenth, in dB.
    async hears(frequencies, seconds = 1) {
        const from = this.heard_seconds();
        await wait_for(`${this.name} hears ${seconds} s`, () =>
            this.heard_seconds() >= from + seconds, seconds * 1000 + 5000);
        const samples = samples_of(this.recording('dec')).slice(-Math.floor(kRate * seconds * 0.9));
        const levels = { seconds: samples.length / kRate };
        for (const hertz of frequencies) {
            levels[hertz] = Math.round(level_of(samples, hertz) * 10) / 10;
        }
        levels.all = Math.round(10 * Math.log10(
            (2 * samples.reduce((sum, s) => sum + s * s, 0)) / samples.length + 1e-12) * 10) / 10;
        return levels;
    }
}
