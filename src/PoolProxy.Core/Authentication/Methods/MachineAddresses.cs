using System.Net.NetworkInformation;
using PoolProxy.Configuration.Hba;

namespace PoolProxy.Core.Authentication.Methods;

/// <summary>
/// The addresses of the machine's network interfaces, for <c>samehost</c> and <c>samenet</c>. They may change while the proxy runs: one older than <see cref="MaxAge"/> is
/// still used once, and meanwhile read again on a worker. Any thread may ask.
/// </summary>
internal sealed class MachineAddresses(TimeProvider time)
{
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(5);

    private volatile IReadOnlyList<HbaNetwork> _networks = Read();
    private long _readAt = time.GetTimestamp();
    private int _isReading;

    /// <summary>Each address with the bits of its network.</summary>
    public IReadOnlyList<HbaNetwork> Networks
    {
        get
        {
            if (time.GetElapsedTime(Interlocked.Read(ref _readAt)) > MaxAge && Interlocked.Exchange(ref _isReading, 1) == 0)
            {
                _ = Task.Run(ReadAgain);
            }

            return _networks;
        }
    }

    private void ReadAgain()
    {
        try
        {
            _networks = Read();
        }
        catch (NetworkInformationException)
        {
            // The last answer stands: the next login asks again.
        }

        Interlocked.Exchange(ref _readAt, time.GetTimestamp());
        Interlocked.Exchange(ref _isReading, 0);
    }

    private static List<HbaNetwork> Read() =>
        [.. NetworkInterface.GetAllNetworkInterfaces()
            .SelectMany(one => one.GetIPProperties().UnicastAddresses)
            .Select(address => new HbaNetwork(address.Address, address.PrefixLength))];
}
