// Words: the texts of one language with its places filled, and its numbers, times and spans.
import type { Quality } from './phone_quality';
import { german } from './texts_de';
import { english, type Key } from './texts_en';

export type { Key } from './texts_en';
export type Language = 'de' | 'en';
export const kLanguages: readonly Language[] = ['de', 'en'];
export const kLanguageNames: Record<Language, string> = { de: 'Deutsch', en: 'English' };

export const catalogues: Record<Language, Record<Key, string>> = { de: german, en: english };

// The names between braces in a text: what must be filled in.
type Places<Text extends string> = Text extends `${string}{${infer Place}}${infer Rest}`
    ? Place | Places<Rest>
    : never;
type Filling<K extends Key> = [Places<(typeof english)[K]>] extends [never]
    ? []
    : [Record<Places<(typeof english)[K]>, string | number>];

// A text without places.
export type PlainKey = {
    [K in Key]: [Places<(typeof english)[K]>] extends [never] ? K : never;
}[Key];

export function places_of(text: string): string[] {
    return Array.from(text.matchAll(/\{(\w+)\}/g), (match) => match[1] ?? '').sort();
}

// The first language the browser asks for that we speak; English if none.
export function language_of(wanted: readonly string[]): Language {
    for (const tag of wanted) {
        const language = kLanguages.find((known) => tag.toLowerCase().startsWith(known));
        if (language !== undefined) {
            return language;
        }
    }
    return 'en';
}

// Times of day in 24 hours in both languages: a desk is read at a glance.
const kLocales: Record<Language, string> = { de: 'de-DE', en: 'en-GB' };

function midnight(at_ms: number): number {
    return new Date(at_ms).setHours(0, 0, 0, 0);
}

export class Words {
    readonly language: Language;
    private readonly texts_: Record<Key, string>;
    private readonly number_: Intl.NumberFormat;
    private readonly percent_: Intl.NumberFormat;
    private readonly time_: Intl.DateTimeFormat;
    private readonly exact_: Intl.DateTimeFormat;
    private readonly weekday_: Intl.DateTimeFormat;
    private readonly day_: Intl.DateTimeFormat;

    constructor(language: Language) {
        const locale = kLocales[language];
        this.language = language;
        this.texts_ = catalogues[language];
        this.number_ = new Intl.NumberFormat(locale);
        this.percent_ = new Intl.NumberFormat(locale, {
            style: 'percent',
            maximumFractionDigits: 0,
        });
        this.time_ = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' });
        this.exact_ = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' });
        this.weekday_ = new Intl.DateTimeFormat(locale, { weekday: 'short' });
        this.day_ = new Intl.DateTimeFormat(locale, { dateStyle: 'medium' });
    }

    text<K extends Key>(key: K, ...filling: Filling<K>): string {
        const values = (filling[0] ?? {}) as Record<string, string | number>;
        return this.texts_[key].replace(/\{(\w+)\}/g, (_, place: string) => {
            return String(values[place] ?? '');
        });
    }

    number(value: number): string {
        return this.number_.format(value);
    }

    // Rounded down: 99.6 % of a promise kept is not all of it.
    percent(part: number, whole: number): string {
        return whole === 0 ? '–' : this.percent_.format(Math.floor((part * 100) / whole) / 100);
    }

    time(at_ms: number): string {
        return this.time_.format(at_ms);
    }

    exact(at_ms: number): string {
        return this.exact_.format(at_ms);
    }

    // A moment ahead: 18:00 today, Mon 08:00 within a week, and with its date later.
    ahead(at_ms: number, now_ms: number): string {
        const clock = this.time_.format(at_ms);
        const days = Math.round((midnight(at_ms) - midnight(now_ms)) / 86_400_000);
        if (days === 0) {
            return clock;
        }
        return `${days < 7 ? this.weekday_.format(at_ms) : this.day_.format(at_ms)} ${clock}`;
    }

    // A moment behind: 10:15 today, else its date and time.
    past(at_ms: number, now_ms: number): string {
        const clock = this.time_.format(at_ms);
        return midnight(at_ms) === midnight(now_ms)
            ? clock
            : `${this.day_.format(at_ms)}, ${clock}`;
    }

    // A span at a glance: 40 s, 4 min, 2 h 5 min.
    span(seconds: number): string {
        const minutes = Math.floor(seconds / 60);
        if (minutes < 1) {
            return this.unit_(seconds, 'second');
        }
        if (minutes < 60) {
            return this.unit_(minutes, 'minute');
        }
        const hours = this.unit_(Math.floor(minutes / 60), 'hour');
        return minutes % 60 === 0 ? hours : `${hours} ${this.unit_(minutes % 60, 'minute')}`;
    }

    // A range of a wait, never told too short: 5–59 s, 0–2 min.
    range(low_s: number, high_s: number): string {
        const is_short = high_s < 60;
        const low = is_short ? low_s : Math.floor(low_s / 60);
        const high = is_short ? high_s : Math.ceil(high_s / 60);
        const unit = is_short ? 'second' : 'minute';
        return low === high
            ? this.unit_(high, unit)
            : `${this.number(low)}–${this.unit_(high, unit)}`;
    }

    // The places of the text with a call's figures; 0.04 s of jitter is 40 ms, never 40.3.
    quality(quality: Quality): Record<'mos' | 'loss' | 'jitter' | 'trip', string> {
        return {
            mos: this.number(Math.round(quality.mos * 10) / 10),
            loss: this.number(Math.round(quality.loss * 1000) / 10),
            jitter: this.number(Math.round(quality.jitter_ms)),
            trip: this.number(Math.round(quality.round_trip_ms)),
        };
    }

    private unit_(value: number, unit: 'second' | 'minute' | 'hour'): string {
        return new Intl.NumberFormat(kLocales[this.language], {
            style: 'unit',
            unit,
            unitDisplay: 'short',
        }).format(value);
    }
}
