using PoolProxy.Configuration.Model;
using PoolProxy.Core.Frontend;

namespace PoolProxy.Core.Admin;

/// <summary>One command of one client of the console.</summary>
/// <param name="View">What the console sees of the proxy.</param>
/// <param name="Session">Who asks.</param>
/// <param name="Access">The right that its login proved.</param>
/// <param name="Argument">The database or client it is about; empty for all, or for none.</param>
internal sealed record ConsoleRequest(ConsoleView View, ClientSession Session, ConsoleAccess Access, string Argument);
