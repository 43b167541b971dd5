namespace PoolProxy.ClientTests.Running;

/// <summary>A foreign program is missing, hung, or ended badly; the message holds what it printed, or what to install.</summary>
internal sealed class ForeignProgramException(string message, Exception? cause = null) : Exception(message, cause);
