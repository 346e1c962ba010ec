// What an agent's desk shows, drawn from the live picture alone.
import {
    kOutside,
    type Agent,
    type ApiError,
    type Consultation,
    type Contact,
    type NotReadyReason,
    type OutsideEnd,
    type Queue,
    type Withheld,
} from './api';
import type { PlainKey, Words } from './i18n';
import type { Live } from './live';
import { is_own_call } from './own_call';

// Of the call; `writing`: there is none, but chats.
export type Phase =
    'ready' | 'not_ready' | 'alerting' | 'talking' | 'on_hold' | 'wrap_up' | 'writing';

export interface Situation {
    agent: Agent;
    phase: Phase;
    contact: Contact | null;
    queue: Queue | null;
}

// The contact with this agent now. In wrap-up the centre names it no more, so `remembered`, the
// last one seen, stands in if it is the same; after a reload it may be unknown.
function contact_of(live: Live, agent: Agent, remembered: Contact | null): Contact | null {
    if (agent.contact === null) {
        return null;
    }
    const open = live.contacts.get(agent.contact);
    if (open !== undefined) {
        return open;
    }
    return remembered?.id === agent.contact ? remembered : null;
}

// A number outside as if it were a colleague; null: none has a part.
function outside_of(contact: Contact | null): Consultation | null {
    const outside = contact?.outside ?? null;
    if (contact === null || outside === null || outside.state === 'ended') {
        return null;
    }
    const is_parked = contact.state === 'talking' && !outside.is_joined;
    const answered = is_parked ? 'on_hold' : 'talking';
    return {
        contact: kOutside,
        queue: contact.queue,
        state: outside.state === 'talking' ? answered : 'alerting',
        colleague: outside.number,
        is_joined: outside.is_joined,
    };
}

// Who is asked about the contact or talks along.
function asked_about(contact: Contact | null): Consultation[] {
    const outside = outside_of(contact);
    const colleagues = contact?.consultations ?? [];
    return outside === null ? colleagues : [...colleagues, outside];
}

// Why nothing came of the last number that was called; null: nothing to tell.
export function outside_failure(
    contact: Contact | null,
): `outside_${Exclude<OutsideEnd, 'by_us' | 'by_them'>}` | null {
    const end = contact?.outside?.end ?? null;
    return end === null || end === 'by_us' || end === 'by_them' ? null : `outside_${end}`;
}

// The colleague who is being asked, or asks; null: none, or all talk together.
export function open_consultation(contact: Contact | null): Consultation | null {
    return asked_about(contact).find((one) => !one.is_joined) ?? null;
}

export function joined_colleagues(contact: Contact | null): Consultation[] {
    return asked_about(contact).filter((one) => one.is_joined);
}

export function is_anybody_asked(contact: Contact | null): boolean {
    return asked_about(contact).length > 0;
}

export function is_asked(contact: Contact | null): boolean {
    return (contact?.about ?? null) !== null || contact?.channel === 'consultation';
}

// By a colleague who wants to talk, about no contact.
export function is_called_by_colleague(contact: Contact | null): boolean {
    return contact?.channel === 'consultation' && contact.about_caller === null;
}

// Three colleagues can be asked at most.
export const kConsultationsMax = 3;

// On hold by the agent's own hand: who asks a colleague, is asked or calls one, talks.
function phase_of(agent: Agent, contact: Contact | null): Phase {
    if (agent.contact === null && agent.written.length > 0) {
        return 'writing';
    }
    const is_between_colleagues =
        open_consultation(contact) !== null || is_asked(contact) || is_own_call({ agent, contact });
    const is_held = contact?.state === 'on_hold' && !is_between_colleagues;
    return agent.state === 'talking' && is_held ? 'on_hold' : agent.state;
}

// Null if the picture does not show this agent.
export function situation_of(
    live: Live | null,
    agent_id: number | null,
    remembered: Contact | null,
): Situation | null {
    const agent = agent_id === null ? undefined : live?.agents.get(agent_id);
    if (live === null || agent === undefined) {
        return null;
    }
    const contact = contact_of(live, agent, remembered);
    const queue = contact === null ? null : (live.queues.get(contact.queue) ?? null);
    return { agent, phase: phase_of(agent, contact), contact, queue };
}

const kTold: Record<NotReadyReason, PlainKey> = {
    signed_out: 'told_signed_out',
    break_time: 'told_break_time',
    meeting: 'told_meeting',
    training: 'told_training',
    other: 'told_other',
    wrap_up: 'told_wrap_up_over',
    phone_unreachable: 'told_phone_unreachable',
    phone_busy: 'told_phone_busy',
    missed: 'told_missed',
    breather: 'told_breather',
};

const kWithheld: Record<Withheld, PlainKey> = {
    ceiling: 'told_withheld_ceiling',
    break_due: 'told_withheld_break_due',
    shift_over: 'told_withheld_shift_over',
};

// Why nothing is presented to somebody who is ready; null if contacts can come.
export function withheld_of({ agent, phase }: Situation): Withheld | null {
    return phase === 'ready' ? (agent.withheld ?? null) : null;
}

// The sentence under the state.
export function told_of(situation: Situation): PlainKey {
    const { agent, phase } = situation;
    const withheld = withheld_of(situation);
    if (withheld !== null) {
        return kWithheld[withheld];
    }
    if (is_own_call(situation)) {
        return 'told_own_call';
    }
    return phase === 'not_ready' ? kTold[agent.reason ?? 'other'] : `told_${phase}`;
}

// What comes after the contact, as the agent has said it.
export function after_contact(agent: Agent): PlainKey {
    if (agent.wish !== null) {
        return reason_key(agent.wish);
    }
    return agent.wants_breather === true ? 'reason_breather' : 'ready';
}

export function reason_key(reason: NotReadyReason): PlainKey {
    return `reason_${reason}`;
}

// The phone is away although the state does not say so, as in a break.
export function is_phone_missing(agent: Agent): boolean {
    return !agent.is_phone_reachable && agent.reason !== 'phone_unreachable';
}

export type Happening =
    'presented' | 'connected' | 'dialled' | 'wrap_up' | 'ready' | 'not_ready' | 'withheld';

// What is worth saying aloud between two situations; a first picture is no news, except that a
// contact is being presented in it.
export function happening(before: Situation | null, after: Situation | null): Happening | null {
    if (after === null) {
        return null;
    }
    if (before?.phase === after.phase) {
        const withheld = withheld_of(after);
        return withheld === null || withheld === withheld_of(before) ? null : 'withheld';
    }
    if (after.phase === 'alerting') {
        return 'presented';
    }
    if (before === null) {
        return null;
    }
    if (is_own_call(after)) {
        return 'dialled';
    }
    if (after.phase === 'talking') {
        return before.phase === 'on_hold' ? null : 'connected';
    }
    if (withheld_of(after) !== null) {
        return 'withheld';
    }
    return after.phase === 'on_hold' || after.phase === 'writing' ? null : after.phase;
}

export const kOutcomeBytesMax = 64;

export { bytes_of } from './bytes';

// Codes that have but one meaning at a desk.
const kOwnWords: Record<string, PlainKey> = {
    not_understood: 'error_not_understood',
    not_your_contact: 'error_not_your_contact',
    bad_target: 'error_bad_target',
    queue_closed: 'error_queue_closed',
    queue_full: 'error_queue_full',
    colleague_not_there: 'error_colleague_not_there',
    no_consultation: 'error_no_consultation',
    not_a_consultation: 'error_no_consultation',
    not_your_consultation: 'error_no_consultation',
    bad_number: 'error_bad_number',
    number_not_allowed: 'error_number_not_allowed',
    dial_limit: 'error_dial_limit',
    trunk_unavailable: 'error_trunk_unavailable',
    outside_open: 'error_outside_open',
    dial_queue_closed: 'error_dial_queue_closed',
    dial_queue_full: 'error_dial_queue_full',
    dial_no_phone: 'error_dial_no_phone',
    dial_not_there: 'error_dial_not_there',
    dial_not_now: 'error_dial_not_now',
};

// One form for what keyboards and systems write differently (NIST SP 800-63B-4 §3.1.1.2).
export function normal_password(text: string): string {
    return text.normalize('NFKC');
}

// What a code of the centre means for a person at a desk; null if we have no words for it.
function error_key({ status, code }: ApiError): PlainKey | null {
    if (status === 0) {
        return 'error_not_reached';
    }
    const own = kOwnWords[code];
    if (own !== undefined) {
        return own;
    }
    if (code.includes('phone')) {
        return 'error_phone_unreachable';
    }
    if (status === 403) {
        return 'error_not_allowed';
    }
    if (status === 429) {
        return 'error_too_many';
    }
    const is_late = /alerting|talking|wrap_up|presentation|contact|presented/.test(code);
    return status === 409 && is_late ? 'error_too_late' : null;
}

// A sentence for a refusal: ours where we know its code, else with the centre's own message.
export function error_text(error: ApiError, words: Words): string {
    const key = error_key(error);
    if (key !== null) {
        return words.text(key);
    }
    return error.message === ''
        ? words.text('error_not_done_plain')
        : words.text('error_not_done', { message: error.message });
}
