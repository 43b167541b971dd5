namespace PoolProxy.Commands;

/// <summary>How the proxy is to run, as the command line says.</summary>
/// <param name="File">The configuration file, as given.</param>
/// <param name="IsQuiet"><c>-q</c>: nothing to standard error; the log file, where there is one, is written all the same.</param>
/// <param name="Verbose">How often <c>-v</c> stands: 0 to 2 and more. The greater of this and the file's <c>verbose</c> holds.</param>
internal sealed record RunOptions(string File, bool IsQuiet, int Verbose);
