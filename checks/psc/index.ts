/** The checks of Pro Santé Connect. */
import type { CheckDef } from "../../core/model/index.js";
import acrValues from "./acr-values.js";
import authorizationEndpoint from "./authorization-endpoint.js";
import authorizationRequest from "./authorization-request.js";
import clientAuthentication from "./client-authentication.js";
import codeSingleUse from "./code-single-use.js";
import discoveryDocument from "./discovery-document.js";
import idTokenAudience from "./id-token-audience.js";
import idTokenExpiry from "./id-token-expiry.js";
import idTokenIssuer from "./id-token-issuer.js";
import idTokenLevel from "./id-token-level.js";
import idTokenSignature from "./id-token-signature.js";
import jwksRefetch from "./jwks-refetch.js";
import loginCompleted from "./login-completed.js";
import logoutCall from "./logout-call.js";
import logoutEffect from "./logout-effect.js";
import nonceFresh from "./nonce-fresh.js";
import nonceVerified from "./nonce-verified.js";
import pkce from "./pkce.js";
import redirectUri from "./redirect-uri.js";
import secretInUrl from "./secret-in-url.js";
import sessionEnd from "./session-end.js";
import stateFresh from "./state-fresh.js";
import stateVerified from "./state-verified.js";
import tlsVersion from "./tls-version.js";
import tokenRenewal from "./token-renewal.js";
import userinfoSubject from "./userinfo-subject.js";

export const pscChecks: readonly CheckDef[] = [
  acrValues,
  authorizationEndpoint,
  authorizationRequest,
  clientAuthentication,
  codeSingleUse,
  discoveryDocument,
  idTokenAudience,
  idTokenExpiry,
  idTokenIssuer,
  idTokenLevel,
  idTokenSignature,
  jwksRefetch,
  loginCompleted,
  logoutCall,
  logoutEffect,
  nonceFresh,
  nonceVerified,
  pkce,
  redirectUri,
  secretInUrl,
  sessionEnd,
  stateFresh,
  stateVerified,
  tlsVersion,
  tokenRenewal,
  userinfoSubject,
];
