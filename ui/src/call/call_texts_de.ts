// Was Anrufende auf Deutsch lesen.
import type { CallKey } from './call_texts_en';

export const german: Record<CallKey, string> = {
    title: 'Rufen Sie uns an',
    language: 'Sprache',
    loading: 'Einen Moment …',
    choose: 'Worum geht es?',
    name: 'Ihr Name, wenn Sie ihn nennen möchten',
    call: 'Jetzt anrufen',
    write: 'Lieber schreiben',
    microphone_consent:
        'Der Browser fragt nach Ihrem Mikrofon. Es ist an, solange Sie anrufen, sonst nie. Sie brauchen kein Konto, und auf Ihrem Rechner wird nichts gespeichert als der Anruf selbst, bis er endet.',
    closed: 'geschlossen',
    opens: 'geschlossen, öffnet {time}',
    waiting_none: 'niemand wartet',
    waiting_one: '1 wartet',
    waiting_many: '{count} warten',
    wait_none: 'Sie werden sofort verbunden',
    wait_seconds: 'weniger als eine Minute',
    wait_minutes: 'etwa {low} bis {high} Minuten',
    wait_one: 'etwa {high} Minuten',
    wait_nobody: 'im Moment ist niemand da',
    nothing_to_call: 'Von hier aus kann nichts angerufen werden.',
    unreachable: 'Keine Verbindung. Es wird weiter versucht.',
    no_choice: 'Wählen Sie aus, worum es geht.',

    beginning: 'Der Anruf wird vorbereitet …',
    solving:
        'Im Moment rufen viele an. Ihr Browser erledigt vorher eine kurze Rechenaufgabe …',
    connecting: 'Sie werden verbunden …',
    place_first: 'Sie sind als Nächstes dran.',
    place_one: '1 vor Ihnen.',
    place_many: '{count} vor Ihnen.',
    wait_left: 'Es dauert {wait}.',
    wait_long: 'Im Moment ist niemand da. Sie behalten Ihren Platz.',
    waiting: 'Sie warten',
    alerting: 'Es wird jemand gerufen',
    alerting_text: 'Es klingelt. Gleich meldet sich jemand.',
    talking: 'Sie sprechen',
    on_hold: 'Sie werden gehalten',
    on_hold_text: 'Gleich spricht wieder jemand mit Ihnen.',
    mute: 'Stumm schalten',
    unmute: 'Wieder sprechen',
    muted: 'Sie sind stumm: Niemand hört Sie.',
    hang_up: 'Auflegen',
    listen: 'Anruf hören',
    silent: 'Der Browser spielt den Anruf erst nach einem Klick ab.',
    away: 'Die Verbindung ist unterbrochen. Ihr Anruf wird einige Sekunden gehalten; es wird weiter versucht.',
    reload_hint: 'Wenn Sie diese Seite neu laden, bleibt der Anruf bestehen.',
    reload_hint_chat: 'Wenn Sie diese Seite neu laden, bleibt der Chat bestehen.',

    writing: 'Sie sind im Chat',
    alerting_chat: 'Gleich antwortet Ihnen jemand.',
    chat_text: 'Ihre Nachricht',
    chat_hint: 'Eingabe sendet, Umschalt und Eingabe beginnen eine neue Zeile.',
    chat_too_long: 'Zu lang. Senden Sie es in zwei Teilen.',
    chat_send: 'Senden',
    chat_file: 'Datei anhängen',
    chat_end: 'Chat beenden',
    chat_log: 'Was geschrieben wurde',
    chat_empty: 'Schreiben Sie, worum es geht. Es wird gelesen, sobald jemand frei ist.',
    chat_you: 'Sie',
    chat_caller: 'Anrufende Person',
    chat_agent: 'Kundenservice',
    chat_file_word: 'Datei:',
    chat_caller_types: 'Die anrufende Person schreibt …',
    chat_agent_types: 'Jemand schreibt Ihnen …',
    chat_save: 'Das Geschriebene speichern',
    chat_saved_as: 'chat',
    file_too_large: 'Diese Datei ist größer als 5 MB. Senden Sie eine kleinere.',
    file_refused:
        'Diese Datei wurde nicht angenommen. Bilder, PDF und reiner Text lassen sich senden.',
    chat_refused: 'Das wurde nicht angenommen: „{text}“',
    file_gone: 'Diese Datei ist nicht mehr da.',

    over: 'Der Anruf ist beendet',
    over_chat: 'Der Chat ist beendet',
    over_hung_up_chat: 'Sie haben den Chat beendet.',
    over_ended_chat: 'Der Chat wurde von der anderen Seite beendet.',
    over_hung_up: 'Sie haben aufgelegt.',
    over_ended: 'Die andere Seite hat den Anruf beendet.',
    over_queue_closed: 'Wir haben jetzt geschlossen. Bitte rufen Sie an, wenn wir geöffnet haben.',
    over_queue_full: 'Im Moment warten zu viele. Bitte versuchen Sie es in einigen Minuten wieder.',
    over_busy:
        'Wir können im Moment keine weiteren Anrufe annehmen. Bitte versuchen Sie es in einigen Minuten wieder.',
    over_not_offered:
        'Das kann von hier aus nicht mehr angerufen werden. Bitte wählen Sie noch einmal.',
    over_no_audio:
        'Wir konnten Ihren Browser nicht hören. Prüfen Sie, ob ein anderes Programm das Mikrofon benutzt und ob Ihr Netz Anrufe durchlässt, und rufen Sie noch einmal an.',
    over_cut_off:
        'Der Anruf ist abgebrochen, ohne dass Sie etwas dafür können. Bitte rufen Sie noch einmal an.',
    over_centre_closed:
        'Der Anruf ist abgebrochen, weil unser System neu gestartet wurde. Bitte rufen Sie noch einmal an.',
    over_lost: 'Ihr Anruf war nicht mehr da. Bitte rufen Sie noch einmal an.',
    over_elsewhere: 'Der Anruf geht in einem anderen Fenster weiter.',
    again: 'Noch einmal anrufen',

    microphone_refused:
        'Der Browser gibt dieser Seite kein Mikrofon. Erlauben Sie es am Schloss in der Adresszeile und rufen Sie noch einmal an.',
    microphone_missing: 'Es wurde kein Mikrofon gefunden. Schließen Sie eines an und rufen Sie noch einmal an.',
    microphone_taken:
        'Ein anderes Programm benutzt das Mikrofon. Schließen Sie es und rufen Sie noch einmal an.',
    microphone_insecure:
        'Diese Seite wurde nicht über https geladen, deshalb geben Browser ihr kein Mikrofon.',
    microphone_failed:
        'Das Mikrofon ließ sich nicht öffnen. Laden Sie diese Seite neu und rufen Sie noch einmal an.',
    refused_too_many_calls:
        'Von Ihrem Anschluss kamen zu viele Anrufe. Bitte versuchen Sie es in {wait} wieder.',
    refused_too_many_at_once:
        'Von Ihrem Anschluss sind schon mehrere Anrufe offen. Beenden Sie erst einen davon.',
    refused_too_many_guests:
        'Im Moment rufen viele an. Bitte versuchen Sie es in {wait} wieder.',
    refused_unreachable:
        'Es gibt keine Verbindung zu uns. Prüfen Sie Ihr Netz und versuchen Sie es noch einmal.',
    refused_unknown_queue:
        'Das kann von hier aus nicht mehr angerufen werden. Bitte wählen Sie noch einmal.',
    refused_failed: 'Das hat nicht geklappt. Bitte versuchen Sie es noch einmal.',
    moment: 'einem Moment',
    seconds: '{count} Sekunden',
    minutes: '{count} Minuten',
};
