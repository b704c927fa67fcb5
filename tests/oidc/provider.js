// An OpenID provider with a few people, and a page on which one says who one is.
// PORT says where it listens. POST /test/clock?seconds=N moves its clock.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const port = Number(process.env.PORT);
const people = {
  "solveig.aune": { email: "solveig.aune@nordlicht-rail.example", name: "Solveig Aune" },
  "mikkel.brandt": { email: "mikkel.brandt@nordlicht-rail.example", name: "Mikkel Brandt" },
  ann: { email: "ann@example.com", email_verified: true, name: "Ann", preferred_username: "ann" },
  bob: { email: "bob@example.com", email_verified: true, name: "Bob", preferred_username: "bob" },
  eve: { email: "eve@elsewhere.example", email_verified: true, name: "Eve" },
};

const provider = new Provider(`http://localhost:${port}`, {
  clients: [
    {
      client_id: "portal",
      client_secret: "a secret of the tests",
      redirect_uris: ["http://localhost/"],
      post_logout_redirect_uris: ["http://localhost/"],
      response_types: ["code"],
      grant_types: ["authorization_code"],
    },
  ],
  claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name", "preferred_username"] },
  conformIdTokenClaims: false,
  cookies: { keys: ["only for the tests"] },
  features: { devInteractions: { enabled: false }, rpInitiatedLogout: { enabled: true, logoutSource } },
  findAccount: (_ctx, id) => ({ accountId: id, claims: async () => ({ sub: id, ...people[id] }) }),
  interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
  pkce: { required: () => true },
  ttl: { AuthorizationCode: 60 },
});
// The tests serve the portal on ports that nobody knows before.
provider.Client.prototype.redirectUriAllowed = () => true;
provider.Client.prototype.postLogoutRedirectUriAllowed = () => true;

// Signing out is not asked for again: the form sends itself.
function logoutSource(ctx, form) {
  ctx.body = `<!doctype html><title>Sign out</title>${form}
    <button form="op.logoutForm" name="logout" value="yes">Yes, sign out</button>`;
}

async function interact(request, response, url) {
  const { params } = await provider.interactionDetails(request, response);
  const account = url.searchParams.get("as");
  if (!account) {
    const links = [...Object.keys(people), "nobody"].map((one) => `<p><a href="?as=${one}">${one}</a>`);
    response.setHeader("Content-Type", "text/html");
    response.end(`<!doctype html><title>Who are you?</title>${links.join("")}`);
    return;
  }
  if (account === "nobody") {
    const refusal = { error: "access_denied", error_description: "not today" };
    await provider.interactionFinished(request, response, refusal);
    return;
  }
  const grant = new provider.Grant({ accountId: account, clientId: params.client_id });
  grant.addOIDCScope("openid email profile");
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId: account }, consent });
}

const now = Date.now;
const handle = provider.callback();
createServer((request, response) => {
  const url = new URL(request.url, `http://localhost:${port}`);
  if (url.pathname === "/test/clock") {
    const seconds = Number(url.searchParams.get("seconds"));
    Date.now = () => now() + seconds * 1000;
    response.end();
  } else if (url.pathname.startsWith("/interaction/")) {
    interact(request, response, url).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  } else {
    handle(request, response);
  }
}).listen(port, "localhost", () => console.log("listening"));
