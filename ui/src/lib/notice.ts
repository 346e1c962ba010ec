// Notices of the system while the page is hidden: that a contact is presented, and no names.

export function may_show_notices(): NotificationPermission {
    // Browsers leave the whole interface out where a page came without HTTPS.
    return typeof Notification === 'undefined' ? 'denied' : Notification.permission;
}

export async function ask_for_notices(): Promise<boolean> {
    return typeof Notification !== 'undefined' && (await Notification.requestPermission()) === 'granted';
}

// Shows one if nobody looks at the page; what it gives takes it away again.
export function show_notice(title: string, text: string): () => void {
    if (!document.hidden || may_show_notices() !== 'granted') {
        return () => {};
    }
    const notice = new Notification(title, { body: text, tag: 'lanze.contact' });
    notice.onclick = () => {
        window.focus();
        notice.close();
    };
    return () => notice.close();
}
