using System.Net;
using System.Net.Sockets;
using System.Text;
using PoolProxy.Configuration.Model;
using PoolProxy.Core.Http;
using PoolProxy.Sandbox;
using PoolProxy.Testing;
using PoolProxy.Testing.Loops;

namespace PoolProxy.UnitTests.Http;

/// <summary>A real listener on loopback with a test's endpoints.</summary>
internal sealed class HttpPlace : IAsyncDisposable
{
    private readonly HttpServer _listener;

    private HttpPlace(HttpServer listener, HttpSettings settings, RecordingLogger log)
    {
        _listener = listener;
        Settings = settings;
        Log = log;
        Client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{settings.ListenPort}"), Timeout = Deadlines.Step };
    }

    public HttpSettings Settings { get; }

    public RecordingLogger Log { get; }

    public HttpClient Client { get; }

    public HttpServer Listener => _listener;

    public static async Task<HttpPlace> StartAsync(HttpSettings settings, params IHttpEndpoint[] endpoints)
    {
        settings = settings with { ListenPort = LoopbackPorts.Take() };
        var log = new RecordingLogger();
        return new HttpPlace(await HttpServer.StartAsync(settings, new HttpRoutes(endpoints), log), settings, log);
    }

    /// <summary>Sends bytes as they are and reads until the listener closes.</summary>
    public async Task<string> SendAsync(string bytes)
    {
        using var socket = new TcpClient();
        await socket.ConnectAsync(IPAddress.Loopback, Settings.ListenPort);
        await using NetworkStream stream = socket.GetStream();
        await stream.WriteAsync(Encoding.Latin1.GetBytes(bytes));
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return await reader.ReadToEndAsync().WaitAsync(Deadlines.Step);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _listener.DisposeAsync();
    }
}
