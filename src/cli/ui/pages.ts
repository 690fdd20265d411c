/** The pages shown instead of the app when a token or password is missing. Pure. */

const HEAD = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Visionatrix</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/door.css">
`;

export const DOOR_CSS = `body { font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto; padding: 0 1rem; }
h1 { font-size: 1.25rem; }
input, button { font: inherit; padding: .5rem .75rem; margin: .25rem 0; box-sizing: border-box; width: 100%; }
[role=alert] { color: light-dark(#b00020, #ff8a80); }
`;

/** For a browser without a token. */
export function closedPage(): string {
  return `${HEAD}<h1>Open the address that <code>vix ui</code> printed</h1>
<p>The address ends in a token that signs this browser in. Did you just open it? <a href="/">Try again</a>.</p>
`;
}

/** Asks for the password. @param problem why it is asked for again */
export function passwordPage(problem?: string): string {
  return `${HEAD}<h1>Visionatrix</h1>
<form method="post" action="/login">
<p><label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required autofocus></p>
${problem === undefined ? "" : `<p role="alert">${problem}</p>`}
<p><button>Enter</button></p>
</form>
`;
}

/** The app's page, with the name of its server filled in. */
export function appPage(html: string, server: string): string {
  return html.replace(
    '<meta name="vix-server" content="" />',
    () => `<meta name="vix-server" content="${escaped(server)}" />`,
  );
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
