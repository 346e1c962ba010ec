// The HTTP side of the contract with the centre: its types, and one function per request.

export type Role = 'agent' | 'planner' | 'supervisor' | 'administrator';
export type AgentState = 'ready' | 'not_ready' | 'alerting' | 'talking' | 'wrap_up';
export type ContactState = 'waiting' | 'alerting' | 'talking' | 'on_hold';
export type ChosenReason = 'break_time' | 'meeting' | 'training' | 'other';
export type NotReadyReason =
    | ChosenReason
    | 'signed_out'
    | 'wrap_up'
    | 'phone_unreachable'
    | 'phone_busy'
    | 'missed'
    | 'breather';
// Why the charter presents nothing to an agent who is ready.
export type Withheld = 'ceiling' | 'break_due' | 'shift_over';

export const kChosenReasons: readonly ChosenReason[] = [
    'break_time',
    'meeting',
    'training',
    'other',
];

export interface Session {
    name: string;
    roles: Role[];
    agent: number | null;
}

export interface ServiceLevel {
    part: number;
    whole: number;
    definition: string;
    within_s: number;
}

export type FoundBy =
    | 'idle_agent'
    | 'service_rate'
    | 'head_of_line'
    | 'too_little_known'
    | 'nobody_at_work';

// A range of seconds from `told_at` on; null: none can be told.
export interface ToldWait {
    low_s: number | null;
    high_s: number | null;
    told_at: string;
    found_by: FoundBy;
    cause: string | null; // why the end is later than what was told before
}

// Counts are of today in the centre's time zone, by entry into the queue.
export interface Queue {
    id: number;
    name: string;
    waiting: number;
    longest_waiting_since: string | null;
    talking: number;
    agents_ready: number;
    agents_signed_on: number;
    short_of: number; // agents whom contacts wait for and the ceiling withholds
    is_open: boolean;
    changes_at: string | null; // when it opens or closes next; null: not in the next months
    offered: number;
    answered: number;
    abandoned: number;
    diverted: number;
    cut_off: number;
    blocked: number;
    answered_within: number;
    service_level: ServiceLevel;
    told_wait: ToldWait | null; // to a caller who enters now
}

// A chat or message that an agent has beside others and beside a call.
export interface Written {
    contact: number;
    state: 'alerting' | 'talking' | 'wrap_up';
    since: string;
    until: string | null;
    is_wrap_up_extended?: boolean; // only of oneself
}

export interface Agent {
    id: number;
    name: string;
    state: AgentState;
    reason: NotReadyReason | null;
    wish: NotReadyReason | null;
    since: string;
    until: string | null;
    contact: number | null;
    has_desk: boolean;
    is_phone_reachable: boolean;
    written: Written[];
    // Only of oneself; of others the centre tells neither.
    withheld?: Withheld | null;
    wants_breather?: boolean;
    is_wrap_up_extended?: boolean;
    may_dial?: MayDial | null;
    dialled?: Dialled | null;
}

// The last call that an agent began himself; `end` is null while it goes on.
export interface Dialled {
    to: string;
    end: OutsideEnd | null;
}

// What numbers outside may begin with, and what not.
export interface MayDial {
    allowed: string[];
    forbidden: string[];
}

export type OutsideEnd =
    | 'by_us'
    | 'by_them'
    | 'busy'
    | 'no_answer'
    | 'rejected'
    | 'unknown_number'
    | 'failed'
    | 'too_long';

// A number outside that is asked about a contact or talks along, or the last one that was.
export interface Outside {
    number: string;
    state: 'calling' | 'ringing' | 'talking' | 'ended';
    is_joined: boolean;
    end: OutsideEnd | null;
}

// A colleague who is asked about a contact, or talks along.
export interface Consultation {
    contact: number;
    queue: number;
    state: ContactState;
    colleague: string | null; // nobody yet
    is_joined: boolean;
}

// own_call: an agent called a colleague or a number; there is no caller.
export type Channel =
    'voice' | 'callback' | 'chat' | 'message' | 'outbound' | 'consultation' | 'own_call';

export interface Contact {
    id: number;
    queue: number;
    channel: Channel;
    state: ContactState;
    queued: string;
    since: string;
    agent: number | null;
    caller: string; // of an own call: who is called
    priority: number; // 1 goes first
    step: number; // of widening
    is_overdue: boolean;
    needs: Record<string, number>;
    told_wait: ToldWait | null; // while it waits for an agent's voice
    about: number | null; // of a consultation; `caller` is then the colleague who asks
    about_caller: string | null; // null: a colleague calls, about no contact
    is_joined: boolean;
    consultations: Consultation[];
    outside: Outside | null;
}

export interface ApiError {
    status: number; // 0: the centre did not answer at all
    code: string;
    message: string;
    retry_after_s: number | null;
}

// How one may sign in; `provider` is the name of the firm's OpenID provider, null without one.
export interface WaysIn {
    password: boolean;
    provider: string | null;
}

export type Answer<T> = { is_ok: true; value: T } | { is_ok: false; error: ApiError };

const kRoot = '/api/v1';
const kPatienceMs = 10_000;

function seconds_of(header: string | null): number | null {
    const seconds = Number(header);
    return header !== null && Number.isFinite(seconds) && seconds >= 0 ? seconds : null;
}

async function error_of(response: Response): Promise<ApiError> {
    const body = (await response.json().catch(() => null)) as {
        error?: { code?: string; message?: string };
    } | null;
    return {
        status: response.status,
        code: body?.error?.code ?? `http_${response.status}`,
        message: body?.error?.message ?? '',
        retry_after_s: seconds_of(response.headers.get('Retry-After')),
    };
}

function not_reached(): ApiError {
    return { status: 0, code: 'not_reached', message: '', retry_after_s: null };
}

// A key of its own per command, so that one repeated on the way is done once. Not randomUUID(),
// which plain HTTP inside a house's network does not have.
function fresh_key(): string {
    const bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

export async function ask<T>(
    method: string,
    path: string,
    body?: object,
    more: Record<string, string> = {},
): Promise<Answer<T>> {
    const headers: Record<string, string> = { Accept: 'application/json', ...more };
    const has_body = method === 'POST' || method === 'PUT';
    if (has_body) {
        headers['Content-Type'] = 'application/json';
    }
    if (method === 'POST') {
        headers['Idempotency-Key'] = fresh_key();
    }
    return fetch_json(path, {
        method,
        headers,
        body: has_body ? JSON.stringify(body ?? {}) : undefined,
        signal: AbortSignal.timeout(kPatienceMs),
    });
}

// A file goes as it is; how long that takes is a matter of the network.
export async function send_file(
    path: string,
    file: File,
    headers: Record<string, string> = {},
): Promise<Answer<{ file: number }>> {
    return fetch_json(`${path}?name=${encodeURIComponent(file.name)}`, {
        method: 'POST',
        headers: { ...headers, 'Content-Type': 'application/octet-stream' },
        body: file,
    });
}

async function fetch_json<T>(path: string, request: RequestInit): Promise<Answer<T>> {
    try {
        const response = await fetch(kRoot + path, {
            ...request,
            credentials: 'same-origin',
            cache: 'no-store',
        });
        if (!response.ok) {
            return { is_ok: false, error: await error_of(response) };
        }
        const value = response.status === 204 ? null : await response.json();
        return { is_ok: true, value: value as T };
    } catch {
        return { is_ok: false, error: not_reached() };
    }
}

interface Done {
    sequence: number;
}

export type Target = { queue: string } | { agent: string } | { number: string };

// In place of a consultation's contact: the number outside, which has none.
export const kOutside = 0;

function own(chat: number | undefined): string {
    return chat === undefined ? '/desk' : `/desk/chats/${chat}`;
}

export const api = {
    session: () => ask<Session>('GET', '/session'),
    ways_in: () => ask<WaysIn>('GET', '/session/ways'),
    sign_in: (name: string, password: string) =>
        ask<Session>('POST', '/session', { name, password }),
    sign_out: () => ask<null>('DELETE', '/session'),
    sign_out_everywhere: () => ask<null>('DELETE', '/sessions'),
    change_password: (old: string, fresh: string) =>
        ask<null>('POST', '/session/password', { old, new: fresh }),
    health: () => ask<{ status: string }>('GET', '/health'),
    ready: () => ask<Done>('POST', '/desk/ready'),
    not_ready: (reason: ChosenReason) => ask<Done>('POST', '/desk/not-ready', { reason }),
    breather: () => ask<Done>('POST', '/desk/breather'),
    reject: () => ask<Done>('POST', '/desk/reject'),
    hang_up: () => ask<Done>('POST', '/desk/hang-up'),
    // Of the call, or of the chat that is named.
    transfer: (to: Target, chat?: number) =>
        ask<Done>('POST', `${own(chat)}/transfer`, to),
    extend_wrap_up: (chat?: number) => ask<Done>('POST', `${own(chat)}/wrap-up/extend`),
    take_chat: (chat: number) => ask<Done>('POST', `${own(chat)}/take`),
    reject_chat: (chat: number) => ask<Done>('POST', `${own(chat)}/reject`),
    end_chat: (chat: number) => ask<Done>('POST', `${own(chat)}/hang-up`),
    dial: (whom: Target) => ask<Done>('POST', '/desk/dial', whom),
    consult: (whom: Target) => ask<Done>('POST', '/desk/consult', whom),
    talk_with: (partner: 'caller' | 'colleague') =>
        ask<Done>('POST', '/desk/consultation/talk', { with: partner }),
    consultation: (what: 'join' | 'complete' | 'end', contact: number) =>
        ask<Done>(
            'POST',
            `/desk/consultation/${what}`,
            contact === kOutside ? { outside: true } : { contact },
        ),
    move_contact: (contact: number, queue: string) =>
        ask<Done>('POST', `/contacts/${contact}/queue`, { queue }),
    end_wrap_up: (outcome: string, chat?: number) =>
        ask<Done>('POST', `${own(chat)}/wrap-up/end`, { outcome }),
};

// A page to go to, not a request: it leads to the provider.
export const kProviderAddress = `${kRoot}/session/oidc`;

export function live_address(place: { protocol: string; host: string }): string {
    return `${place.protocol === 'https:' ? 'wss' : 'ws'}://${place.host}${kRoot}/live`;
}
