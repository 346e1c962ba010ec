// The picture of the centre that the page holds: a snapshot, and the changes merged into it.
import type { Agent, Contact, Queue } from './api';

export interface LiveMessage {
    type: 'snapshot' | 'changes';
    sequence: number;
    at: string;
    queues: Queue[];
    agents: Agent[];
    contacts: Contact[];
    contacts_gone: number[];
}

export interface Live {
    sequence: number;
    queues: ReadonlyMap<number, Queue>;
    agents: ReadonlyMap<number, Agent>;
    contacts: ReadonlyMap<number, Contact>;
}

function list_of<T>(value: unknown): T[] {
    return Array.isArray(value) ? (value as T[]) : [];
}

// Null for anything that is no message of the contract; the connection is then no use.
export function parse_message(text: string): LiveMessage | null {
    let raw: Record<string, unknown>;
    try {
        raw = JSON.parse(text) as Record<string, unknown>;
    } catch {
        return null;
    }
    if (raw === null || typeof raw !== 'object') {
        return null;
    }
    const { type, sequence, at } = raw;
    if (type !== 'snapshot' && type !== 'changes') {
        return null;
    }
    if (typeof sequence !== 'number' || typeof at !== 'string') {
        return null;
    }
    return {
        type,
        sequence,
        at,
        queues: list_of<Queue>(raw.queues),
        agents: list_of<Agent>(raw.agents),
        contacts: list_of<Contact>(raw.contacts),
        contacts_gone: list_of<number>(raw.contacts_gone),
    };
}

// Only what changed is copied: a centre of 10,000 agents sends up to 50 messages a second.
function with_changes<T extends { id: number }>(
    held: ReadonlyMap<number, T>,
    changed: readonly T[],
    gone: readonly number[],
): ReadonlyMap<number, T> {
    if (changed.length === 0 && gone.length === 0) {
        return held;
    }
    const merged = new Map(held);
    for (const item of changed) {
        merged.set(item.id, item);
    }
    for (const id of gone) {
        merged.delete(id);
    }
    return merged;
}

const kNothing: Live = { sequence: 0, queues: new Map(), agents: new Map(), contacts: new Map() };

// The picture after `message`. A snapshot replaces everything; changes older than the picture, or
// without one, change nothing.
export function merge(live: Live | null, message: LiveMessage): Live | null {
    if (message.type === 'changes' && (live === null || message.sequence < live.sequence)) {
        return live;
    }
    const base = message.type === 'snapshot' || live === null ? kNothing : live;
    return {
        sequence: message.sequence,
        queues: with_changes(base.queues, message.queues, []),
        agents: with_changes(base.agents, message.agents, []),
        contacts: with_changes(base.contacts, message.contacts, message.contacts_gone),
    };
}
