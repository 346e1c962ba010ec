// CallWords: the texts of a caller's language, and its times in whole sentences.
import { german } from './call_texts_de';
import { english, type CallKey } from './call_texts_en';
import type { Concern, Place, ToldWait } from './guest_protocol';

export type CallLanguage = 'de' | 'en';
export const kCallLanguages: Record<CallLanguage, string> = { de: 'Deutsch', en: 'English' };

const kCatalogues: Record<CallLanguage, Record<CallKey, string>> = { de: german, en: english };
const kLocales: Record<CallLanguage, string> = { de: 'de-DE', en: 'en-GB' };

// By the address, the last choice, the browser; English if none is ours.
export function call_language(wished: string | null, wanted: readonly string[]): CallLanguage {
    const spoken = [wished ?? '', ...wanted].map((tag) => tag.slice(0, 2).toLowerCase());
    return (spoken.find((tag) => tag in kCatalogues) as CallLanguage | undefined) ?? 'en';
}

export class CallWords {
    readonly language: CallLanguage;

    constructor(language: CallLanguage) {
        this.language = language;
    }

    text(key: CallKey, filling: Record<string, string | number> = {}): string {
        return kCatalogues[this.language][key].replace(/\{(\w+)\}/g, (_, place: string) =>
            String(filling[place] ?? ''),
        );
    }

    // Null: nothing is known.
    wait(told: ToldWait | null): string | null {
        if (told?.found_by === 'nobody_at_work') {
            return this.text('wait_nobody');
        }
        if (told === null || told.low_s === null || told.high_s === null) {
            return null;
        }
        if (told.high_s === 0) {
            return this.text('wait_none');
        }
        if (told.high_s < 60) {
            return this.text('wait_seconds');
        }
        const low = Math.floor(told.low_s / 60);
        const high = Math.ceil(told.high_s / 60);
        return low === high || high - low === 1 && low === 0
            ? this.text('wait_one', { high: Math.max(high, 2) })
            : this.text('wait_minutes', { low, high });
    }

    // In a whole sentence, for who waits already; '' if nothing is known.
    left(told: ToldWait | null): string {
        if (told?.found_by === 'nobody_at_work') {
            return this.text('wait_long');
        }
        const wait = told?.high_s === 0 ? null : this.wait(told);
        return wait === null ? '' : this.text('wait_left', { wait });
    }

    waiting(concern: Concern): string {
        if (!concern.is_open) {
            return concern.opens_at === null
                ? this.text('closed')
                : this.text('opens', { time: this.moment(concern.opens_at) });
        }
        const parts = [this.counted(concern.waiting, 'waiting_none', 'waiting_one', 'waiting_many')];
        const wait = this.wait(concern.told_wait);
        return wait === null ? (parts[0] as string) : `${parts[0]}, ${wait}`;
    }

    place(place: Place): string {
        return place.before === null
            ? this.text('connecting')
            : this.counted(place.before, 'place_first', 'place_one', 'place_many');
    }

    // "30 seconds", for a wait that was ordered.
    span(seconds: number | null): string {
        if (seconds === null) {
            return this.text('moment');
        }
        return seconds < 90
            ? this.text('seconds', { count: seconds })
            : this.text('minutes', { count: Math.ceil(seconds / 60) });
    }

    // "14:05", today's.
    time(at_ms: number): string {
        return new Intl.DateTimeFormat(kLocales[this.language], { timeStyle: 'short' }).format(at_ms);
    }

    moment(at: string): string {
        return new Intl.DateTimeFormat(kLocales[this.language], {
            weekday: 'long',
            hour: '2-digit',
            minute: '2-digit',
        }).format(Date.parse(at));
    }

    private counted(count: number, none: CallKey, one: CallKey, many: CallKey): string {
        const key = count === 0 ? none : count === 1 ? one : many;
        return this.text(key, { count });
    }
}
