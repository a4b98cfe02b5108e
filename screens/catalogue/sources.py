"""Titles, publishers and licenses of sources that are descriptions, not names; the English is the source's own."""

_SPANISH: dict[str, str] = {
    "Health center service delivery sites": "Centros de salud y sus sedes",
    "NPPES: registry of health care providers": "NPPES: registro de proveedores de salud",
    "Community services (HSDS 3.0 / 211)": "Servicios comunitarios (HSDS 3.0 / 211)",
    "Recovery residences": "Residencias de recuperación",
    "MASH certified sober homes (Massachusetts)": "Casas certificadas por MASH (Massachusetts)",
    "Oxford House vacancies": "Plazas libres en Oxford House",
    "USAJOBS: openings of the federal government": "USAJOBS: empleos del gobierno federal",
    "Adzuna: job openings": "Adzuna: ofertas de empleo",
    "Addresses of public places, located by a geocoding service": (
        "Direcciones de lugares públicos, situadas por un servicio de geocodificación"
    ),
    "A list of your own (CSV or GeoJSON)": "Una lista propia (CSV o GeoJSON)",
    "LODES 8: jobs and workers by census block": "LODES 8: empleos y trabajadores por bloque censal",
    "Census blocks, block groups, tracts or other outlines": (
        "Bloques, grupos de bloques o tramos censales, u otras zonas"
    ),
    "Population grid or zone points (CSV)": "Población por cuadrícula o por zonas (CSV)",
    "Residents by census block, 2020": "Residentes por bloque censal, 2020",
    "American Community Survey, five years: who lives in each block group": (
        "American Community Survey, cinco años: quién vive en cada grupo de bloques"
    ),
    "Social Vulnerability Index by census tract, 2022": "Índice de vulnerabilidad social por tramo censal, 2022",
    "Drug overdose deaths by county, provisional": "Muertes por sobredosis por condado, provisional",
    "Heights of the ground (GeoTIFF)": "Alturas del terreno (GeoTIFF)",
    "Public transport timetable (GTFS)": "Horario del transporte público (GTFS)",
    "Local intergroups and central offices": "Intergrupos y oficinas centrales locales",
    "NA regions and areas, through their root servers": "Regiones y áreas de NA, por sus servidores",
    "A 211 or another Open Referral directory": "Un 211 u otro directorio Open Referral",
    "A NARR affiliate, a state, or the operator": "Una filial de NARR, un estado o quien lleva la casa",
    "US Census Bureau (TIGER/Line), or whoever made the file": "US Census Bureau (TIGER/Line), o quien hizo el archivo",
    "US Census Bureau, or OpenStreetMap contributors (Nominatim)": (
        "US Census Bureau, o colaboradores de OpenStreetMap (Nominatim)"
    ),
    "Whoever made the file": "Quien hizo el archivo",
    "Whoever surveyed them, e.g. the USGS 3D Elevation Program": (
        "Quien las midió, p. ej. el USGS 3D Elevation Program"
    ),
    "OpenStreetMap contributors": "Colaboradores de OpenStreetMap",
    "As its publisher says": "Como diga quien la publica",
    "As the agency says": "Como diga la agencia",
    "As the publisher says; those of the USGS are in the public domain": (
        "Como diga quien las publica; las del USGS son de dominio público"
    ),
    "Catalogue: CC0; each timetable as its agency says": "Catálogo: CC0; cada horario, como diga su agencia",
    "Public domain (US Census Bureau), or as its publisher says": (
        "Dominio público (US Census Bureau), o como diga quien la publica"
    ),
    "Public domain (US Census Bureau), or Open Database License (ODbL) 1.0 (Nominatim)": (
        "Dominio público (US Census Bureau), o Open Database License (ODbL) 1.0 (Nominatim)"
    ),
    "Public domain (US federal government)": "Dominio público (gobierno federal de EE. UU.)",
    "Published for meeting finders; each publisher's terms apply": (
        "Publicado para buscadores de reuniones; valen las condiciones de quien lo publica"
    ),
    "Published for people looking for a home; MASH's terms apply": (
        "Publicado para quienes buscan casa; valen las condiciones de MASH"
    ),
    "The transit agency": "La agencia de transporte",
}

WORDS: dict[str, tuple[str, str]] = {english: (english, spanish) for english, spanish in _SPANISH.items()}
