// The telephone in the browser where the network lets no UDP through: the page reaches the centre by TURN over TLS
// alone (coturn), with the credentials that the centre gives it. Run by tests/e2e/run_long.sh.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import {
    Program,
    check,
    check_equal,
    free_port,
    need,
    own_address,
    run_tests,
    start_centre,
    temporary_folder,
    test,
    wait_for,
} from './lib.mjs';
import { agent_hears_the_caller, caller_hears, floor, in_call, kLoud, look } from './phone_desk.mjs';

const kSecret = 'north';

// coturn at an address of its own; only who knows the secret may use it.
async function start_turn() {
    const folder = temporary_folder();
    const address = own_address();
    const port = await free_port(address);
    const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1',
        '-nodes', '-days', '1', '-subj', '/CN=turn', '-addext', `subjectAltName=IP:${address}`,
        '-keyout', join(folder, 'turn.key'), '-out', join(folder, 'turn.pem')]);
    check(made.status === 0, `openssl: ${made.stderr}`);
    const turn = new Program('turnserver', ['-n', '--use-auth-secret', `--static-auth-secret=${kSecret}`,
        '--realm=lanze.test', `--listening-ip=${address}`, `--relay-ip=${address}`, `--tls-listening-port=${port}`,
        `--cert=${join(folder, 'turn.pem')}`, `--pkey=${join(folder, 'turn.key')}`, '--no-udp', '--no-tcp', '--no-dtls',
        '--no-cli', '--allow-loopback-peers', '--log-file=stdout', `--pidfile=${join(folder, 'turn.pid')}`,
        `--userdb=${join(folder, 'turn.db')}`]);
    await turn.says('admin thread', 15_000); // its last, after the listeners
    return { address, port, turn };
}

// The page may use relays only, as behind a firewall that lets nothing else out.
const relay_only = (page) =>
    page.addInitScript(() => {
        const Plain = RTCPeerConnection;
        window.connections = [];
        window.RTCPeerConnection = class extends Plain {
            constructor(configuration) {
                super({ ...configuration, iceTransportPolicy: 'relay' });
                window.connections.push(this);
            }
        };
    });

const kinds_of_way = (page) =>
    page.evaluate(async () => {
        const reports = [...(await window.connections.at(-1).getStats()).values()];
        const pair = reports.find((one) => one.type === 'candidate-pair' && one.nominated);
        const local = reports.find((one) => one.id === pair.localCandidateId);
        return [local.candidateType, local.relayProtocol];
    });

async function call_by_relay() {
    need('chromium', 'turnserver', 'openssl');
    const { address, port, turn } = await start_turn();
    const centre = await start_centre({
        floor: floor(),
        more: `
[[media.ice_server]]
urls = ["turns:${address}:${port}?transport=tcp"]
secret = "${kSecret}"
`,
    });
    const call = await in_call(centre, { flags: ['--ignore-certificate-errors'], prepare: relay_only });
    return { centre, turn, ...call };
}

test('a page that has TURN over TLS alone is a telephone', async () => {
    const { desk, caller } = await call_by_relay();
    const [kind, protocol] = await kinds_of_way(desk);
    console.log(`# by ${kind} over ${protocol}`);
    check(kind === 'relay' && protocol === 'tls', 'the way is not the relay over TLS');
    const heard = await agent_hears_the_caller(desk);
    console.log(`# the agent hears ${heard.level.toFixed(1)} dB at ${heard.frequency.toFixed(0)} Hz`);
    console.log(`# the caller hears ${await caller_hears(caller, 'the microphone', kLoud)} dBm0`);
    await look(desk, 'live_browser_phone_relay');
    await caller.end();
});

test('a network that is gone for five seconds costs no call', async () => {
    const { centre, turn, desk, caller } = await call_by_relay();
    turn.child.kill('SIGSTOP');
    const stopped = Date.now();
    await wait_for('five seconds to pass', () => Date.now() - stopped > 5_000);
    check_equal((await centre.agent('anna')).state, 'talking', 'the agent without a network');
    turn.child.kill('SIGCONT');
    const back = Date.now();
    await agent_hears_the_caller(desk);
    await caller_hears(caller, 'the microphone again', kLoud);
    console.log(`# both hear each other again ${Date.now() - back} ms after the network was back, measured once a second`);
    check_equal((await centre.agent('anna')).state, 'talking', 'the agent');
    await caller.end();
});

await run_tests();
