using PoolProxy.Core.Transport;

namespace PoolProxy.UnitTests.Transport;

/// <summary>A folder for socket files, short enough for their paths, gone with the test.</summary>
internal sealed class SocketFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pp-").FullName;

    public string PathOf(string name) => Path.Combine(_folder, name);

    public SocketEndpoint EndpointOf(string name) => SocketEndpoint.Unix(PathOf(name));

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
