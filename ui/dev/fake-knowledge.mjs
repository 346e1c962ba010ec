// The stand-in's articles and thanks: the centre finds better, but refuses alike.
const kBody = `Block the card **at once**:

1. *Accounts → Cards → Block*
2. Say the number of the block.

| plan | price |
| --- | --- |
| basic | 0 € |

> Never ask for the PIN.

See [the leaflet](https://example.org/leaflet).

<img src="https://evil.example/x.png" onerror="document.title='hurt'"><script>document.title='hurt'</script>
[press me](javascript:document.title='hurt')
`;

export class FakeKnowledge {
    constructor(time) {
        this.time = time;
        this.last = 3;
        this.articles = [
            this.article(1, 'Karte sperren', ['Karten und Sperren'], kBody),
            this.article(2, 'Kontostand erfragen', ['Kontoservice'], '# Wo\nIm Portal, *unten links*.'),
            this.article(3, 'Nach einem schweren Gespräch', [], 'Drücken Sie **Atempause**.'),
        ];
        this.thanks = [
            this.thank(1, 'Die Dame hat sich wirklich Zeit genommen.\nDas hat mir sehr geholfen!', 'Kontoservice'),
            this.thank(2, 'So geduldig!', null),
        ];
    }

    article(id, title, queues, body) {
        return { id, version: 1, title, queues, body, changed: this.time(-86_400), changed_by: 'greta' };
    }

    thank(id, text, queue) {
        return { id, text, queue, from: 'greta', at: this.time(-7_200) };
    }

    // Null: not of this kind.
    answer(person, request, body) {
        const { pathname, searchParams } = new URL(request.url, 'http://page');
        const route = `${request.method} ${pathname.replace('/api/v1', '').replace(/\d+/, '{id}')}`;
        const id = Number(/\d+/.exec(pathname.replace('/api/v1', ''))?.[0] ?? 0);
        const known = this.articles.find((one) => one.id === id);
        const may_write = person.roles.includes('supervisor');
        switch (route) {
            case 'GET /knowledge':
                return told(200, { articles: this.find(searchParams) });
            case 'GET /knowledge/{id}':
                return known === undefined ? refused(404, 'not_found') : told(200, known);
            case 'POST /knowledge':
                return may_write ? told(201, this.add(body)) : refused(403, 'not_a_supervisor');
            case 'PUT /knowledge/{id}':
            case 'DELETE /knowledge/{id}':
                return this.overwrite(may_write, known, request, body);
            case 'GET /desk/thanks':
                return told(200, { thanks: this.thanks });
            case 'DELETE /desk/thanks/{id}':
                this.thanks = this.thanks.filter((one) => one.id !== id);
                return told(204, null);
            case 'POST /contacts/{id}/thanks':
                if (id === 404) {
                    return refused(409, 'nobody_to_thank');
                }
                this.thanks = [this.thank(this.thanks.length + 10, body.text, null), ...this.thanks];
                return told(204, null);
            default:
                return null;
        }
    }

    find(asked) {
        const words = (asked.get('text') ?? '').toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
        const has = (one) =>
            words.every((word) =>
                `${one.title} ${one.body}`
                    .toLowerCase()
                    .split(/[^\p{L}\p{N}]+/u)
                    .some((each) => each.startsWith(word)),
            );
        const queue = asked.get('queue') ?? '';
        return this.articles
            .filter(has)
            .map(({ id, title, queues, body }) => ({
                id,
                title,
                queues,
                excerpt: `\u0002${body.slice(0, 5)}\u0003${body.slice(5, 60)}`,
                is_of_queue: queues.includes(queue),
            }))
            .sort((a, b) => Number(b.is_of_queue) - Number(a.is_of_queue));
    }

    add(body) {
        const added = { ...this.article(++this.last, '', [], ''), ...body };
        this.articles.push(added);
        return added;
    }

    overwrite(may_write, known, request, body) {
        if (!may_write || known === undefined) {
            return may_write ? refused(404, 'not_found') : refused(403, 'not_a_supervisor');
        }
        if (request.headers['if-match'] !== `"${known.version}"`) {
            return refused(409, 'changed_meanwhile');
        }
        if (request.method === 'DELETE') {
            this.articles = this.articles.filter((one) => one !== known);
            return told(204, null);
        }
        return told(200, Object.assign(known, body, { version: known.version + 1 }));
    }
}

function told(status, body) {
    return { status, body };
}

function refused(status, code) {
    return { status, body: { error: { code, message: 'Refused.' } } };
}
