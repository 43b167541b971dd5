namespace PoolProxy.Core.Frontend;

/// <summary>A refused login, for SHOW DENIALS. Names are cut; nothing of a token or password is in it.</summary>
/// <param name="Time">When.</param>
/// <param name="Address">From where.</param>
/// <param name="User">The startup packet's user: a wish.</param>
/// <param name="Database">The startup packet's database.</param>
/// <param name="Method">The method that decided; empty before one was chosen.</param>
/// <param name="Issuer">The token's issuer by its configured name; empty while unknown.</param>
/// <param name="Subject">Its subject; empty unless its signature was good.</param>
/// <param name="Reason">Which check refused.</param>
internal sealed record Denial(DateTimeOffset Time, string Address, string User, string Database, string Method, string Issuer, string Subject, string Reason);
