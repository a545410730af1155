/** The two discovery documents. They differ by the authorization endpoint only (psc.md §2, §3). */
import { ROUTES, SCOPES } from "./provider.js";

const SIGNING = [
  "PS384",
  "RS384",
  "EdDSA",
  "ES384",
  "HS256",
  "HS512",
  "ES256",
  "RS256",
  "HS384",
  "ES512",
  "PS256",
  "PS512",
  "RS512",
];

/** Values as read in the ANS example proxy's captured document (psc.md §3). */
export function discoveryDocument(issuer: string, authorizationEndpoint: string): Record<string, unknown> {
  const at = (path: string): string => `${issuer}${path}`;
  const endpoints = {
    token_endpoint: at(ROUTES.token),
    revocation_endpoint: at(ROUTES.revocation),
    introspection_endpoint: at(ROUTES.introspection),
    userinfo_endpoint: at(ROUTES.userinfo),
    backchannel_authentication_endpoint: at(ROUTES.backchannel_authentication),
  };
  return {
    issuer,
    authorization_endpoint: authorizationEndpoint,
    ...endpoints,
    end_session_endpoint: at(ROUTES.end_session),
    jwks_uri: at(ROUTES.jwks),
    grant_types_supported: [
      "authorization_code",
      "implicit",
      "refresh_token",
      "password",
      "client_credentials",
      "urn:openid:params:grant-type:ciba",
      "urn:ietf:params:oauth:grant-type:device_code",
    ],
    response_types_supported: [
      "code",
      "none",
      "id_token",
      "token",
      "id_token token",
      "code id_token",
      "code token",
      "code id_token token",
    ],
    response_modes_supported: ["query", "fragment", "form_post", "query.jwt", "fragment.jwt", "form_post.jwt", "jwt"],
    scopes_supported: SCOPES,
    acr_values_supported: ["0", "0"],
    subject_types_supported: ["public", "pairwise"],
    token_endpoint_auth_methods_supported: [
      "private_key_jwt",
      "client_secret_basic",
      "client_secret_post",
      "tls_client_auth",
      "client_secret_jwt",
    ],
    id_token_signing_alg_values_supported: SIGNING,
    userinfo_signing_alg_values_supported: [...SIGNING, "none"],
    code_challenge_methods_supported: ["plain", "S256"],
    claims_supported: [
      "aud",
      "sub",
      "iss",
      "auth_time",
      "name",
      "given_name",
      "family_name",
      "preferred_username",
      "email",
      "acr",
    ],
    claim_types_supported: ["normal"],
    backchannel_logout_supported: true,
    backchannel_logout_session_supported: true,
    frontchannel_logout_supported: true,
    frontchannel_logout_session_supported: true,
    backchannel_token_delivery_modes_supported: ["poll", "ping"],
    tls_client_certificate_bound_access_tokens: true,
    authorization_response_iss_parameter_supported: true,
    mtls_endpoint_aliases: endpoints,
  };
}
