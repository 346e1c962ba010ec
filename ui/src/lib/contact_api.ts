// The HTTP side of what the desk shows beside the call: the contact, the own day.
import { ask } from './api';

export type ChosenBy =
    | 'only_one'
    | 'longest_idle'
    | 'least_occupied'
    | 'best_level'
    | 'lowest_level'
    | 'fixed_order'
    | 'round_robin'
    | 'chance'
    | 'became_free'
    | 'widened'
    | 'preferred'
    | 'assigned';

export interface Chosen {
    by: ChosenBy;
    of: number;
}

export interface EarlierContact {
    id: number;
    queue: number;
    queued: string;
    answered: string | null;
    ended: string;
    end: string;
    outcome: string;
    remark: string;
}

export interface ContactAtDesk {
    contact: number;
    queue: number | null;
    caller: string | null;
    queued: string | null;
    answered: string | null;
    chosen: Chosen | null;
    screen_pop: string | null;
    remembered_days: number; // 0: callers are not known again
    remark: string;
    earlier: EarlierContact[];
}

export interface WithheldToday {
    times: number;
    sum_s: number;
    presented_yet: number; // more than none is a broken promise
}

export interface BreakSpan {
    from: string;
    to: string | null; // still in it
}

export interface OwnDay {
    since: string;
    shift_begin: string | null;
    shift_end: string | null;
    contacts: number;
    breaks: {
        planned: BreakSpan[];
        taken: BreakSpan[];
        due: string | null;
        withheld: WithheldToday;
    };
    occupancy: {
        handling_s: number;
        ready_s: number;
        last_hour_s: number;
        last_hour_max_s: number | null; // null: there is no ceiling
        withheld: WithheldToday;
    };
    wrap_up: {
        count: number;
        used_s: number;
        granted_s: number;
        extended: number;
        run_out: number;
        cut: number;
    };
    breathers: { asked: number; given: number };
    after_shift: WithheldToday;
}

export const kRemarkBytesMax = 4000;

export const contact_api = {
    at_desk: (contact: number) => ask<ContactAtDesk>('GET', `/contacts/${contact}/desk`),
    write_remark: (contact: number, text: string) =>
        ask<{ sequence: number }>('PUT', `/contacts/${contact}/remark`, { text }),
    own_day: () => ask<OwnDay>('GET', '/desk/day'),
};
