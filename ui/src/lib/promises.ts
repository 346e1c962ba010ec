// What the charter promises an agent today, and whether it was kept, drawn from his own day.
import type { OwnDay, WithheldToday } from './contact_api';
import type { Words } from './i18n';

export interface CharterPromise {
    id: 'ceiling' | 'breaks' | 'shift' | 'wrap_up' | 'breather';
    is_kept: boolean;
    told: string[]; // sentences
}

function kept(withheld: WithheldToday): boolean {
    return withheld.presented_yet === 0;
}

function withheld_told(withheld: WithheldToday, words: Words): string {
    return words.text('promise_withheld', {
        times: words.number(withheld.times),
        span: words.span(withheld.sum_s),
    });
}

function broken_told(count: number, words: Words): string[] {
    return count === 0 ? [] : [words.text('promise_broken_count', { count: words.number(count) })];
}

function ceiling_told({ occupancy }: OwnDay, words: Words): string[] {
    const { handling_s, ready_s, last_hour_s, last_hour_max_s, withheld } = occupancy;
    const told = [
        words.text('promise_occupancy', {
            share: words.percent(handling_s, handling_s + ready_s),
            handling: words.span(handling_s),
            ready: words.span(ready_s),
        }),
    ];
    if (last_hour_max_s !== null) {
        told.push(
            words.text('promise_last_hour', {
                spent: words.span(last_hour_s),
                most: words.span(last_hour_max_s),
            }),
        );
        told.push(withheld_told(withheld, words));
    } else {
        told.push(words.text('promise_no_ceiling'));
    }
    return told.concat(broken_told(withheld.presented_yet, words));
}

function breaks_told({ breaks }: OwnDay, words: Words, clock: (text: string) => string): string[] {
    const spans = (list: OwnDay['breaks']['planned']) =>
        list
            .map(({ from, to }) => `${clock(from)}–${to === null ? '…' : clock(to)}`)
            .join(', ') || '–';
    const told = [
        words.text('promise_breaks_planned', { spans: spans(breaks.planned) }),
        words.text('promise_breaks_taken', { spans: spans(breaks.taken) }),
    ];
    if (breaks.due !== null) {
        told.push(words.text('promise_break_due', { time: clock(breaks.due) }));
    }
    if (breaks.withheld.times > 0) {
        told.push(withheld_told(breaks.withheld, words));
    }
    return told.concat(broken_told(breaks.withheld.presented_yet, words));
}

function wrap_up_told({ wrap_up }: OwnDay, words: Words): string[] {
    const told = [
        words.text('promise_wrap_up_count', {
            count: words.number(wrap_up.count),
            used: words.span(wrap_up.used_s),
            granted: words.span(wrap_up.granted_s),
        }),
        words.text('promise_wrap_up_more', {
            extended: words.number(wrap_up.extended),
            run_out: words.number(wrap_up.run_out),
        }),
    ];
    return told.concat(broken_told(wrap_up.cut, words));
}

function shift_told(day: OwnDay, words: Words, clock: (text: string) => string): string[] {
    if (day.shift_begin === null || day.shift_end === null) {
        return [words.text('promise_no_shift')];
    }
    const told = [
        words.text('promise_shift_span', { begin: clock(day.shift_begin), end: clock(day.shift_end) }),
    ];
    return told.concat(broken_told(day.after_shift.presented_yet, words));
}

// `clock` writes a time of the centre as a time of day.
export function promises_of(
    day: OwnDay,
    words: Words,
    clock: (text: string) => string,
): CharterPromise[] {
    const { breathers } = day;
    return [
        { id: 'breaks', is_kept: kept(day.breaks.withheld), told: breaks_told(day, words, clock) },
        { id: 'ceiling', is_kept: kept(day.occupancy.withheld), told: ceiling_told(day, words) },
        { id: 'wrap_up', is_kept: day.wrap_up.cut === 0, told: wrap_up_told(day, words) },
        {
            id: 'breather',
            // One that was asked for in a contact that goes on is still to come.
            is_kept: breathers.asked - breathers.given <= 1,
            told: [
                words.text('promise_breathers', {
                    asked: words.number(breathers.asked),
                    given: words.number(breathers.given),
                }),
            ],
        },
        { id: 'shift', is_kept: kept(day.after_shift), told: shift_told(day, words, clock) },
    ];
}
