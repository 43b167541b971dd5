namespace PoolProxy.Core.Authentication.Introspection;

/// <summary>How questions about tokens are put to one issuer, and about which.</summary>
/// <param name="IsJson">As a JSON object, and not as RFC 7662's form.</param>
/// <param name="Headers">What goes with each.</param>
/// <param name="Prefix">What this issuer's tokens begin with; empty for whatever is nobody else's.</param>
/// <param name="TakesAnything">Its tokens can be of any visible letters, and need not look like bearer tokens.</param>
internal sealed record QuestionForm(bool IsJson, FixedHeaders Headers, string Prefix, bool TakesAnything);
