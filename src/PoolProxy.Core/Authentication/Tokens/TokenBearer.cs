using System.Net;

namespace PoolProxy.Core.Authentication.Tokens;

/// <summary>Who shows a token.</summary>
/// <param name="StartupUser">The startup packet's <c>user</c>: a wish.</param>
/// <param name="Certificate">The SHA-256 of the certificate that the connection has shown, and that was checked, base64url; null for none.</param>
/// <param name="Address">Where the client comes from; null on a Unix socket.</param>
internal readonly record struct TokenBearer(string StartupUser, string? Certificate = null, IPAddress? Address = null);
