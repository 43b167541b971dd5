using System.Net.Http.Headers;
using System.Text.Json;
using PoolProxy.IntegrationTests.Isolation;
using PoolProxy.Sandbox;
using PoolProxy.Sandbox.Issuers;
using PoolProxy.Testing.Postgres;

namespace PoolProxy.IntegrationTests.Http;

/// <summary>An installation whose people on call may ask for the writers' role; no rule lets them in otherwise.</summary>
internal sealed class AccessPlace : IAsyncDisposable
{
    public const string TokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    public const string JwtType = "urn:ietf:params:oauth:token-type:jwt";

    private AccessPlace(Installation here, HttpClient client)
    {
        Here = here;
        Client = client;
    }

    public Installation Here { get; }

    public HttpClient Client { get; }

    public static async Task<AccessPlace> StartAsync(string accessLines = "", string policyLines = "", string issuerLines = "", TestIssuer? issuer = null)
    {
        int port = LoopbackPorts.Take();
        Installation here = await Installation.StartAsync(AvailablePostgres.Found[^1].Major, new InstallationOptions
        {
            Proxy = "verbose = 2",
            Issuer = issuer,
            IssuerLines = issuerLines,
            MoreSections = database => $"""
                [http]
                listen_port = {port}

                [access]
                {accessLines}

                [[access.policies]]
                issuer = "corp"
                when.groups = "oncall"
                role = ["{database.Role("writers")}", "{database.Role("readers")}"]
                database = "{database.Name}"
                max_time = "30m"
                {policyLines}

                [[rules]]
                issuer = "corp"
                when.groups = "admins"
                console = "admin"
                """,
        });
        return new AccessPlace(here, new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri($"http://127.0.0.1:{port}") });
    }

    /// <summary>The form of a good request; a test changes what it is about.</summary>
    public Dictionary<string, string> Form(string subjectToken) => new()
    {
        ["grant_type"] = TokenExchange,
        ["subject_token"] = subjectToken,
        ["subject_token_type"] = JwtType,
        ["audience"] = Here.Database.Name,
        ["reason"] = "ticket 4711",
    };

    public TokenBuilder OnCall(string subject) => Here.Issuer.Token(subject).Groups("oncall");

    /// <summary>Posts a form; status and JSON.</summary>
    public async Task<(int Status, JsonElement Json)> PostAsync(IEnumerable<KeyValuePair<string, string>> form)
    {
        using HttpResponseMessage answer = await Client.PostAsync("/access/token", new FormUrlEncodedContent(form));
        return ((int)answer.StatusCode, JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>A credential for somebody on call.</summary>
    public async Task<(string Credential, string Grant)> GetAsync(string subject, Action<Dictionary<string, string>>? change = null)
    {
        Dictionary<string, string> form = Form(OnCall(subject).Build());
        change?.Invoke(form);
        (int status, JsonElement json) = await PostAsync(form);
        return status == 200 ? (json.GetProperty("access_token").GetString()!, json.GetProperty("grant_id").GetString()!) : throw new InvalidOperationException(json.ToString());
    }

    public async Task<(int Status, string Body)> SendAsync(HttpMethod method, string path, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using HttpResponseMessage answer = await Client.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await Here.DisposeAsync();
    }
}
