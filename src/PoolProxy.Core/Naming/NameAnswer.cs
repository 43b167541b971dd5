using System.Net;

namespace PoolProxy.Core.Naming;

/// <summary>What became of looking a name up.</summary>
/// <param name="Addresses">Empty where there are none.</param>
/// <param name="TimeToLive">How long they may be used.</param>
/// <param name="IsSure">Somebody who knows has said so; else nobody has answered, or for one family only, and what was known before may still be right.</param>
internal sealed record NameAnswer(IPAddress[] Addresses, TimeSpan TimeToLive, bool IsSure);
