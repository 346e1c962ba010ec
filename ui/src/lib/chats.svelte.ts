// Chats: what is written with the agent at this desk, beside the call.
import type { Contact } from './api';
import type { Centre } from './centre.svelte';
import {
    kTypingEveryMs,
    kTypingMs,
    parse_chat_news,
    unread,
    with_line,
    type ChatLine,
} from './chat_lines';

export interface Chat {
    contact: number;
    state: 'alerting' | 'talking' | 'wrap_up';
    since: string;
    until: string | null;
    is_wrap_up_extended: boolean;
    seen: Contact | null; // who it is; after a reload in wrap-up it is not known any more
    lines: readonly ChatLine[];
    unread: number;
    is_typing: boolean;
}

interface Text {
    lines: readonly ChatLine[];
    seen: number; // the number of the last line that was looked at
    typed_at: number; // when the other side last typed, by performance.now()
}

export class Chats {
    // In the order they came.
    list: Chat[] = $derived.by(() => this.list_());

    private texts_ = $state.raw<ReadonlyMap<number, Text>>(new Map());
    private contacts_ = new Map<number, Contact>();
    private said_typing_ = -Infinity;
    private tick_ = $state(0);

    constructor(private readonly centre_: Centre) {
        centre_.chats = { heard: (text) => this.hear_(text), left: () => this.forget_() };
        setInterval(() => (this.tick_ = performance.now()), 1000);
    }

    say(contact: number, text: string): void {
        this.said_typing_ = -Infinity;
        this.centre_.say({ type: 'chat_say', contact, text });
    }

    // Somebody types at this desk: said now and then.
    types(contact: number): void {
        const now = performance.now();
        if (now - this.said_typing_ > kTypingEveryMs) {
            this.said_typing_ = now;
            this.centre_.say({ type: 'chat_typing', contact });
        }
    }

    look_at(contact: number): void {
        const text = this.texts_.get(contact);
        const last = text?.lines.at(-1)?.number ?? 0;
        if (text !== undefined && text.seen < last) {
            this.set_(contact, { ...text, seen: last });
        }
    }

    private list_(): Chat[] {
        const live = this.centre_.live;
        const id = this.centre_.session?.agent ?? null;
        const agent = id === null ? undefined : live?.agents.get(id);
        return (agent?.written ?? []).map((one) => {
            const text = this.texts_.get(one.contact);
            const seen = live?.contacts.get(one.contact);
            if (seen !== undefined) {
                this.contacts_.set(one.contact, seen);
            }
            const since_typed = Math.max(this.tick_, 0) - (text?.typed_at ?? -kTypingMs);
            return {
                ...one,
                is_wrap_up_extended: one.is_wrap_up_extended === true,
                seen: seen ?? this.contacts_.get(one.contact) ?? null,
                lines: text?.lines ?? [],
                unread: unread(text?.lines ?? [], text?.seen ?? 0, 'agent'),
                is_typing: one.state === 'talking' && since_typed < kTypingMs,
            };
        });
    }

    private hear_(text: string): boolean {
        const news = parse_chat_news(text);
        if (news === null) {
            return false;
        }
        const known = this.texts_.get(news.contact) ?? { lines: [], seen: 0, typed_at: -kTypingMs };
        switch (news.type) {
            case 'chat':
                this.set_(news.contact, { ...known, lines: news.lines });
                break;
            case 'chat_line':
                this.set_(news.contact, {
                    ...known,
                    lines: with_line(known.lines, news.line),
                    typed_at: news.line.side === 'caller' ? -kTypingMs : known.typed_at,
                });
                break;
            case 'chat_typing':
                this.set_(news.contact, { ...known, typed_at: performance.now() });
        }
        return true;
    }

    private set_(contact: number, text: Text): void {
        this.texts_ = new Map(this.texts_).set(contact, text);
    }

    private forget_(): void {
        this.texts_ = new Map();
        this.contacts_.clear();
    }
}
