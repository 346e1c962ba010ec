// A call that an agent begins himself, to a colleague, a queue or a number: how it stands.
import type { Agent, ApiError, Contact, Dialled, OutsideEnd, Target } from './api';
import type { Words } from './i18n';
import type { Live } from './live';
import type { Leg } from './phone_state';

interface Seen {
    agent: Agent;
    contact: Contact | null;
}

// Also while its contact is not in the picture yet.
export function is_own_call({ agent, contact }: Seen): boolean {
    if (contact !== null) {
        return contact.channel === 'own_call';
    }
    return agent.state === 'talking' && agent.contact !== null && agent.dialled?.end === null;
}

// lift: the agent's own telephone comes first.
export type Stage = 'lift' | 'waiting' | 'alerting' | 'ringing' | 'talking' | 'ended';

export interface OwnCall {
    stage: Stage;
    who: string; // as exactly as it is known
}

const kOutside = { calling: 'alerting', ringing: 'ringing', talking: 'talking', ended: 'ended' } as const;

export function own_call_of({ agent, contact }: Seen): OwnCall {
    const to = contact?.caller || agent.dialled?.to || '';
    if (contact?.outside) {
        return { stage: kOutside[contact.outside.state], who: contact.outside.number || to };
    }
    const asked = contact?.consultations?.[0];
    if (asked === undefined) {
        return { stage: 'lift', who: to };
    }
    const stage = asked.state === 'on_hold' ? 'talking' : asked.state;
    return { stage, who: asked.colleague ?? to };
}

// With the telephone in a page of his, this one or another, nobody has to lift anything.
export function own_call_text(call: OwnCall, is_phone_in_page: boolean, words: Words): string {
    const { stage, who } = call;
    return stage === 'lift' && is_phone_in_page
        ? words.text('own_call_lift_page', { who })
        : words.text(`own_call_${stage}`, { who });
}

// Why nobody was reached; null: somebody was, or it goes on.
export function dial_failure(
    dialled: Dialled | null | undefined,
): Exclude<OutsideEnd, 'by_us' | 'by_them'> | null {
    const end = dialled?.end ?? null;
    return end === null || end === 'by_us' || end === 'by_them' ? null : end;
}

// The call that came to nothing and is to be told of, after `before` (null: a first picture, of
// which nobody knows how old its news is) became `after`. `shown` is what is told of so far.
export function unreached(
    shown: Dialled | null,
    before: Seen | null,
    after: Seen | null,
): Dialled | null {
    const is_free =
        after !== null && after.agent.contact === null && after.agent.written.length === 0;
    const now = after?.agent.dialled ?? null;
    if (!is_free || dial_failure(now) === null || before === null) {
        return null;
    }
    const then = before.agent.dialled ?? null;
    const is_same = then?.to === now?.to && then?.end === now?.end;
    return is_same ? shown : now;
}

// Whether the telephone in this page takes the leg by itself: the agent asked for this call. A
// contact that is not in the picture yet is told of in a moment; till then it may be a caller's.
export function takes_itself(leg: Leg | null, live: Live | null): boolean {
    if (leg === null || leg.contact === null || leg.is_answered) {
        return false;
    }
    return live?.contacts.get(leg.contact)?.channel === 'own_call';
}

// What a refusal means where no caller is there: codes of a transfer say that the call is still
// with the agent.
export function dial_error(error: ApiError, target: Target): ApiError {
    const { code, status } = error;
    if (code === 'queue_closed' || code === 'queue_full') {
        return { ...error, code: `dial_${code}` };
    }
    if (code.includes('phone')) {
        return { ...error, code: 'dial_no_phone' };
    }
    if (status === 409 && code === 'agent_not_ready' && 'agent' in target) {
        return { ...error, code: 'dial_not_there' };
    }
    const is_busy = /^agent_|alerting|talking|wrap_up|contact|presented/.test(code);
    return status === 409 && is_busy ? { ...error, code: 'dial_not_now' } : error;
}
