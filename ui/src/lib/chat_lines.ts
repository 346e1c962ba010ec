// What is written in chats, drawn from the centre's messages alone; no browser needed.

export type Side = 'caller' | 'agent';

export interface ChatLine {
    number: number; // 1, 2, 3 ... in its chat
    at: string;
    side: Side;
    text: string;
    file: number | null; // its number; the text is its name
}

// The words that both sides' pages have for it.
export interface ChatWords {
    text: (
        key:
            | 'chat_log'
            | 'chat_empty'
            | 'chat_you'
            | 'chat_caller'
            | 'chat_agent'
            | 'chat_file_word'
            | 'chat_caller_types'
            | 'chat_agent_types'
            | 'chat_text'
            | 'chat_hint'
            | 'chat_too_long'
            | 'chat_send'
            | 'chat_file'
            | 'file_too_large'
            | 'file_refused',
    ) => string;
    time: (at_ms: number) => string;
}

export type ChatNews =
    | { type: 'chat'; contact: number; lines: ChatLine[] }
    | { type: 'chat_line'; contact: number; line: ChatLine }
    | { type: 'chat_typing'; contact: number };

export const kTextBytesMax = 4000;
export const kFileBytesMax = 5 * 1024 * 1024;
// Somebody who writes is told to write so long, unless he goes on.
export const kTypingMs = 6000;
// And says so no more often than this.
export const kTypingEveryMs = 3000;

function is_line(value: unknown): value is ChatLine {
    const line = value as Partial<ChatLine> | null;
    return (
        typeof line === 'object' &&
        line !== null &&
        typeof line.number === 'number' &&
        typeof line.at === 'string' &&
        typeof line.text === 'string' &&
        (line.side === 'caller' || line.side === 'agent')
    );
}

// Null for anything that is no message about a chat. A guest's page has one chat and no number for
// it, which then is 0.
export function parse_chat_news(text: string): ChatNews | null {
    let raw: Record<string, unknown> | null;
    try {
        raw = JSON.parse(text) as Record<string, unknown> | null;
    } catch {
        return null;
    }
    const contact = raw?.contact ?? 0;
    if (raw === null || typeof raw !== 'object' || typeof contact !== 'number') {
        return null;
    }
    switch (raw.type) {
        case 'chat':
            return Array.isArray(raw.lines) && raw.lines.every(is_line)
                ? { type: 'chat', contact, lines: raw.lines }
                : null;
        case 'chat_line':
            return is_line(raw.line) ? { type: 'chat_line', contact, line: raw.line } : null;
        case 'chat_typing':
            return { type: 'chat_typing', contact };
        default:
            return null;
    }
}

// The lines with one more; a line that is there already changes nothing.
export function with_line(lines: readonly ChatLine[], line: ChatLine): readonly ChatLine[] {
    return lines.some((one) => one.number === line.number) ? lines : [...lines, line];
}

// How many lines of the other side came behind the last one seen.
export function unread(lines: readonly ChatLine[], seen: number, own: Side): number {
    return lines.filter((one) => one.number > seen && one.side !== own).length;
}
