import typer.main

from fieldproof.cli import COMMANDS, build_app


def test_each_module_adds_the_commands_that_it_is_said_to():
    for commands in COMMANDS.values():
        built = typer.main.get_command(build_app(commands[0]))

        assert set(built.commands) == set(commands)


def test_without_a_command_all_are_there():
    everything = {c for commands in COMMANDS.values() for c in commands}

    assert set(typer.main.get_command(build_app()).commands) == everything
