// Correspondence: what a guest writes instead of speaking, and what is written to him.
import { send_file } from '../lib/api';
import {
    kTypingEveryMs,
    kTypingMs,
    parse_chat_news,
    with_line,
    type ChatLine,
} from '../lib/chat_lines';
import type { CallWords } from './call_words';

export class Correspondence {
    lines = $state.raw<readonly ChatLine[]>([]);
    is_typing = $state(false); // the other side
    is_file_gone = $state(false); // one that was asked for
    refused = $state(''); // the last line, which was not taken
    private said_ = '';

    private typing_: ReturnType<typeof setTimeout> | undefined;
    private said_typing_ = -Infinity;

    // `say` sends a message; `token` is the right to this chat, null when there is none.
    constructor(
        private readonly say_: (message: object) => void,
        private readonly token_: () => string | null,
    ) {}

    begin(): void {
        this.lines = [];
        this.is_typing = false;
        this.is_file_gone = false;
        this.refused = '';
    }

    say(text: string): void {
        this.said_ = text;
        this.refused = '';
        this.said_typing_ = -Infinity;
        this.say_({ type: 'chat_say', text });
    }

    types(): void {
        const now = performance.now();
        if (now - this.said_typing_ > kTypingEveryMs) {
            this.said_typing_ = now;
            this.say_({ type: 'chat_typing' });
        }
    }

    // False: this is no message of a chat.
    hear(text: string): boolean {
        const news = parse_chat_news(text);
        switch (news?.type) {
            case 'chat':
                this.lines = news.lines;
                return true;
            case 'chat_line':
                this.lines = with_line(this.lines, news.line);
                this.is_typing = this.is_typing && news.line.side !== 'agent';
                return true;
            case 'chat_typing':
                this.is_typing = true;
                clearTimeout(this.typing_);
                this.typing_ = setTimeout(() => (this.is_typing = false), kTypingMs);
                return true;
            default:
                return false;
        }
    }

    // The centre has not taken what was said last.
    refuse(): void {
        this.refused = this.said_;
    }

    async send_file(file: File): Promise<boolean> {
        return (await send_file('/call/files', file, this.right_())).is_ok;
    }

    // With the token in a header, which no link can have.
    async fetch_file(line: ChatLine): Promise<void> {
        this.is_file_gone = false;
        try {
            const response = await fetch(`/api/v1/call/files/${line.file}`, {
                headers: this.right_(),
                credentials: 'omit',
                cache: 'no-store',
            });
            this.is_file_gone = !response.ok;
            if (response.ok) {
                save(await response.blob(), line.text);
            }
        } catch {
            this.is_file_gone = true;
        }
    }

    private right_(): Record<string, string> {
        return { Authorization: `Bearer ${this.token_() ?? ''}` };
    }
}

// One line each, with its time and who wrote it; for whoever wants to keep it.
export function transcript(
    lines: readonly ChatLine[],
    words: Pick<CallWords, 'text' | 'moment'>,
): string {
    return lines
        .map((line) => {
            const who = words.text(line.side === 'caller' ? 'chat_you' : 'chat_agent');
            const file = line.file === null ? '' : `${words.text('chat_file_word')} `;
            return `${words.moment(line.at)}  ${who}: ${file}${line.text}\n`;
        })
        .join('');
}

export function save(data: Blob, name: string): void {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(data);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
