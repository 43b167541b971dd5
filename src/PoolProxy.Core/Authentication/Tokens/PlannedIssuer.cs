using PoolProxy.Core.Authentication.Introspection;
using PoolProxy.Core.Authentication.Keys;
using PoolProxy.Identity.Tokens;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>An issuer as tokens meet it: what is asked of them, and the keys.</summary>
/// <param name="Policy">What is asked.</param>
/// <param name="Keys">The keys; owned by the authenticator.</param>
/// <param name="Introspector">Asks about opaque tokens; null where they are refused. Owned by the authenticator.</param>
internal sealed record PlannedIssuer(IssuerPolicy Policy, IssuerKeys Keys, Introspector? Introspector = null);
