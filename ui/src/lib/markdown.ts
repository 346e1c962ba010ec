// Markdown as HTML that can do no harm. Heavy, so it is loaded with the first article.
import DOMPurify from 'dompurify';
import { Marked } from 'marked';

// Below the article's own title on the page.
const kTitleDepth = 2;

const kEntities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const marked = new Marked({
    gfm: true,
    async: false,
    renderer: {
        // Tags in the text are text: what follows need not be trusted with them.
        html: ({ text }) => text.replace(/[&<>]/g, (sign) => kEntities[sign] ?? ''),
    },
    walkTokens(token) {
        if (token.type === 'heading') {
            token.depth = Math.min(6, token.depth + kTitleDepth);
        }
    },
});

// No pictures: those of other houses would tell them who reads. No ids, classes or styles: the page
// is ours.
const kTags = (
    'a blockquote br code del em h1 h2 h3 h4 h5 h6 hr li ol p pre strong table tbody td th thead tr ul'
).split(' ');

const purify = DOMPurify(window);
purify.addHook('afterSanitizeAttributes', (node) => {
    if (node.tagName === 'A') {
        node.setAttribute('target', '_blank');
        node.setAttribute('rel', 'noopener noreferrer');
    }
});

export function safe_html(markdown: string): string {
    return purify.sanitize(marked.parse(markdown) as string, {
        ALLOWED_TAGS: kTags,
        ALLOWED_ATTR: ['href', 'start'],
        ALLOWED_URI_REGEXP: /^(?:https?|mailto|tel):/i,
    });
}
