namespace PoolProxy.Commands;

/// <summary>How the proxy is to run, as the command line says.</summary>
/// <param name="File">The configuration file, as given.</param>
/// <param name="IsQuiet"><c>-q</c>: nothing to standard error; the log file, where there is one, is written all the same.</param>
/// <param name="IsDaemon"><c>-d</c>: the proxy runs in the background, detached from the terminal, and this process ends when it listens.</param>
/// <param name="TakesOver"><c>-R</c>: takes the listening sockets over from the proxy that runs.</param>
/// <param name="User"><c>-u</c>: the user to run as, instead of the file's; null for the file's.</param>
/// <param name="Verbose">How often <c>-v</c> stands: 0 to 2 and more. The greater of this and the file's <c>verbose</c> holds.</param>
internal sealed record RunOptions(string File, bool IsQuiet, int Verbose, bool IsDaemon = false, bool TakesOver = false, string? User = null);
