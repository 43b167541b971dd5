using PoolProxy.ClientTests.Running;

namespace PoolProxy.ClientTests.People;

/// <summary>What a client does to its own session by plain statements does not change who it is for the next one.</summary>
public sealed class OwnResetTests
{
    private const string Own = """
        select current_user, current_setting('request.jwt.claims')::json ->> 'sub', (select string_agg(title, '|' order by id) from documents);
        """;

    private static readonly string[] Resets =
    [
        "reset all",
        "discard all",
        "reset role",
        "set role none",
        "set session authorization default",
        "reset request.jwt.claims",
        "set request.jwt.claims = '{\"sub\":\"somebody else\"}'",
        "begin; reset all; commit",
        "begin; set role none; commit",
        "begin; reset role; rollback",
        "begin \\; discard plans \\; reset all \\; commit",
    ];

    [Fact]
    public async Task Whoever_resets_the_session_is_the_same_person_in_the_next_statement()
    {
        await using PeopleStage stage = await PeopleStage.OpenAsync();
        await Task.WhenAll(stage.People.Select(async person =>
        {
            string script = Own + string.Concat(Resets.Select(reset => $"{reset};\n{Own}"));
            ForeignProgram psql = new(PostgresPrograms.Find("psql"), ["-XAtq", "-F", " ", "-v", "ON_ERROR_STOP=1"], "Debian's postgresql-client") { Input = script };
            ProgramRun run = await person.Target.TellLibpq(psql).RunWellAsync();
            Assert.Equal(string.Concat(Enumerable.Repeat($"app_read {person.Target.User} {person.Titles}\n", Resets.Length + 1)), run.Output);
        }));
    }
}
