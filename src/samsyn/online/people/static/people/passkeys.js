// Passkeys (WebAuthn): a form with data-passkey asks the browser and sends what it answers.
"use strict";

const bytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");
const listed = (keys) => (keys || []).map((key) => ({ ...key, id: bytes(key.id) }));

async function made(options) {
  const { publicKey } = options;
  const key = await navigator.credentials.create({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      user: { ...publicKey.user, id: bytes(publicKey.user.id) },
      excludeCredentials: listed(publicKey.excludeCredentials),
    },
  });
  return told(key, {
    clientDataJSON: text(key.response.clientDataJSON),
    attestationObject: text(key.response.attestationObject),
    transports: key.response.getTransports ? key.response.getTransports() : [],
  });
}

async function used(options) {
  const { publicKey } = options;
  const key = await navigator.credentials.get({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      allowCredentials: listed(publicKey.allowCredentials),
    },
  });
  const { response } = key;
  return told(key, {
    clientDataJSON: text(response.clientDataJSON),
    authenticatorData: text(response.authenticatorData),
    signature: text(response.signature),
    userHandle: response.userHandle ? text(response.userHandle) : null,
  });
}

const told = (key, response) => ({
  id: key.id,
  rawId: text(key.rawId),
  type: key.type,
  clientExtensionResults: key.getClientExtensionResults(),
  authenticatorAttachment: key.authenticatorAttachment || undefined,
  response,
});

async function options(form) {
  if (form.dataset.passkey !== "sign-in")
    return JSON.parse(document.getElementById("passkey-options").textContent);
  const answer = await fetch(form.action, { headers: { "X-Requested-With": "XMLHttpRequest" } });
  return (await answer.json()).request_options;
}

async function ask(form) {
  const trouble = form.querySelector(".errors[role=alert]");
  trouble.hidden = true;
  try {
    const asked = await options(form);
    const passwordless = form.elements.passwordless;
    if (passwordless && asked.publicKey.authenticatorSelection) {
      const how = passwordless.checked ? "required" : "discouraged";
      Object.assign(asked.publicKey.authenticatorSelection, {
        residentKey: how,
        requireResidentKey: passwordless.checked,
        userVerification: how,
      });
    }
    const answer = await (form.dataset.passkey === "add" ? made(asked) : used(asked));
    form.elements.credential.value = JSON.stringify(answer);
    form.submit();
  } catch (error) {
    trouble.hidden = false;
  }
}

if (window.PublicKeyCredential)
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    form.querySelector("button").addEventListener("click", () => ask(form));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
