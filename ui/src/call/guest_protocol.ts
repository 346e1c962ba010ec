// What a guest's page and the centre say to each other (docs/call-page.md).

export interface ToldWait {
    low_s: number | null;
    high_s: number | null;
    found_by: string;
}

export interface Concern {
    queue: string;
    title: { de: string; en: string };
    is_open: boolean;
    opens_at: string | null;
    waiting: number;
    told_wait: ToldWait | null;
}

export interface Concerns {
    concerns: Concern[];
    asks_challenge: boolean;
}

const kStates = ['waiting', 'alerting', 'talking', 'on_hold', 'over'] as const;
export type PlaceState = (typeof kStates)[number];

export interface Place {
    type: 'place';
    state: PlaceState;
    before: number | null;
    told_wait: ToldWait | null;
    why: string | null;
}

export type Kind = 'voice' | 'text';

export interface Welcome {
    type: 'welcome';
    queue: string;
    kind: Kind;
}

// Null for anything else: what concerns the audio is read as an agent's page reads it.
export function parse_guest_news(text: string): Place | Welcome | null {
    let raw: Record<string, unknown> | null;
    try {
        raw = JSON.parse(text) as Record<string, unknown> | null;
    } catch {
        return null;
    }
    if (raw?.type === 'welcome') {
        const kind = raw.kind === 'text' ? 'text' : 'voice';
        return { type: 'welcome', queue: String(raw.queue ?? ''), kind };
    }
    const state = kStates.find((one) => one === raw?.state);
    if (raw?.type !== 'place' || state === undefined) {
        return null;
    }
    return {
        type: 'place',
        state,
        before: typeof raw.before === 'number' ? raw.before : null,
        told_wait: (raw.told_wait as ToldWait | null) ?? null,
        why: typeof raw.why === 'string' ? raw.why : null,
    };
}

// Why no call began; retry_s where waiting helps.
export interface Refused {
    code: string;
    retry_s: number | null;
}
export type Answer<T> = { is_ok: true; value: T } | { is_ok: false; refused: Refused };

async function ask<T>(method: string, path: string, body?: unknown): Promise<Answer<T>> {
    try {
        const response = await fetch(path, {
            method,
            headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
            body: body === undefined ? null : JSON.stringify(body),
            credentials: 'omit',
            cache: 'no-store',
        });
        const json = (await response.json()) as T & { error?: { code: string } };
        const retry = Number(response.headers.get('Retry-After'));
        return response.ok
            ? { is_ok: true, value: json }
            : {
                  is_ok: false,
                  refused: { code: json.error?.code ?? 'failed', retry_s: retry > 0 ? retry : null },
              };
    } catch {
        return { is_ok: false, refused: { code: 'unreachable', retry_s: null } };
    }
}

export interface Wish {
    queue: string;
    kind: Kind;
    name?: string;
    solution?: { challenge: string; answer: string };
}

export const guest_api = {
    concerns: () => ask<Concerns>('GET', '/api/v1/call'),
    challenge: () => ask<{ challenge: string; bits: number }>('POST', '/api/v1/call/challenge'),
    begin: (wish: Wish) => ask<{ token: string }>('POST', '/api/v1/call', wish),
};
