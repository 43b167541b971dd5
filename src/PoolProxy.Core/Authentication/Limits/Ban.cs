namespace PoolProxy.Core.Authentication.Limits;

/// <summary>A line of SHOW BANS.</summary>
/// <param name="Scope">Whose.</param>
/// <param name="Name">Address (IPv6: the network), <c>issuer/subject</c>, user or issuer.</param>
/// <param name="FailureCount">Failures that are remembered.</param>
/// <param name="BanCount">How many bans there have been in a row.</param>
/// <param name="Left">How long it lasts yet; zero where it is over and the next one would be longer.</param>
/// <param name="RefusedCount">Logins turned away.</param>
internal sealed record Ban(LimitScope Scope, string Name, int FailureCount, int BanCount, TimeSpan Left, long RefusedCount);
