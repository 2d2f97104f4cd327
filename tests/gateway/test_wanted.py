from bmsreader.gateway.wanted import Outlet


def test_two_outlets_with_equal_settings_are_the_same_whoever_makes_them() -> None:
    assert Outlet(settings="mqtt", make=list) == Outlet(settings="mqtt", make=dict)
    assert Outlet(settings="mqtt", make=list) != Outlet(settings="influx", make=list)
