// The HTTP side of articles and thanks.
import { ask } from './api';

export interface FoundArticle {
    id: number;
    title: string;
    queues: string[];
    excerpt: string; // what was found stands between U+0002 and U+0003
    is_of_queue: boolean;
}

export interface ArticleText {
    title: string;
    queues: string[];
    body: string;
}

export interface Article extends ArticleText {
    id: number;
    version: number;
    changed: string;
    changed_by: string;
}

export interface Thank {
    id: number;
    text: string;
    queue: string | null;
    from: string;
    at: string;
}

export const kTitleBytesMax = 200;
export const kBodyBytesMax = 48 * 1024;
export const kThanksBytesMax = 1000;

const version_header = (version: number) => ({ 'If-Match': `"${version}"` });

export const knowledge_api = {
    find: (text: string, queue: string, limit: number) =>
        ask<{ articles: FoundArticle[] }>(
            'GET',
            `/knowledge?${new URLSearchParams({ text, queue, limit: String(limit) }).toString()}`,
        ),
    read: (id: number) => ask<Article>('GET', `/knowledge/${id}`),
    add: (text: ArticleText) => ask<Article>('POST', '/knowledge', text),
    change: (id: number, version: number, text: ArticleText) =>
        ask<Article>('PUT', `/knowledge/${id}`, text, version_header(version)),
    remove: (id: number, version: number) =>
        ask<null>('DELETE', `/knowledge/${id}`, undefined, version_header(version)),
    thanks: () => ask<{ thanks: Thank[] }>('GET', '/desk/thanks'),
    remove_thanks: (id: number) => ask<null>('DELETE', `/desk/thanks/${id}`),
    pass_thanks_on: (contact: number, text: string) =>
        ask<null>('POST', `/contacts/${contact}/thanks`, { text }),
};

// The parts of an excerpt, and which of them were looked for.
export function parts_of(excerpt: string): { text: string; is_found: boolean }[] {
    return excerpt
        .split(/\u0002([^\u0003]*)\u0003/)
        .map((text, index) => ({ text, is_found: index % 2 === 1 }))
        .filter(({ text }) => text !== '');
}
