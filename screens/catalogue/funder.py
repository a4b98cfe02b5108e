"""Words of the funder's screen."""

WORDS: dict[str, tuple[str, str]] = {
    "gap_title": ("Where support is missing", "Dónde falta apoyo"),
    "gap_lead": (
        (
            "Each small area where people live has a score from 1 to 100: how much support for recovery a person can "
            "reach from there, and be home again. Here you see who lives where little is in reach, and what is missing."
        ),
        (
            "Cada zona pequeña donde vive gente tiene un resultado de 1 a 100: cuánto apoyo para la recuperación se "
            "puede alcanzar desde allí y volver a casa. Aquí ve quién vive donde hay poco al alcance, y qué falta."
        ),
    ),
    # what is asked
    "gap_by": ("How do they get around?", "¿Cómo se mueven?"),
    "gap_by_no-car": ("Without a car", "Sin coche"),
    "gap_by_bicycle": ("By bicycle", "En bicicleta"),
    "gap_by_car": ("By car", "En coche"),
    "gap_by_wheelchair": ("By wheelchair", "En silla de ruedas"),
    "gap_medication": ("Which medication do they take?", "¿Qué medicación toman?"),
    "gap_medication_none": ("None", "Ninguna"),
    "gap_medication_methadone": ("Methadone", "Metadona"),
    "gap_medication_buprenorphine": ("Buprenorphine or naltrexone", "Buprenorfina o naltrexona"),
    "gap_measure": ("What do you look at?", "¿Qué quiere mirar?"),
    "gap_total": ("The whole score", "El resultado entero"),
    "gap_measure_dimension": ("{name} (dimension)", "{name} (dimensión)"),
    "gap_date": ("On which day?", "¿Qué día?"),
    "gap_below": ("Count people below", "Contar a las personas por debajo de"),
    "gap_below_help": (
        "A choice of yours, not a line that nature draws: move it and see whether your conclusion holds.",
        "Es decisión suya, no una línea natural: muévala y vea si su conclusión se mantiene.",
    ),
    # not there yet
    "gap_not_yet": ("This surface has not been worked out yet", "Esta superficie aún no se ha calculado"),
    "gap_not_yet_why": (
        (
            "{cells} small areas are scored one by one, each for a whole week. That takes from half a minute to some "
            "minutes; then it is kept with the region, and opens at once. Leave this page open meanwhile."
        ),
        (
            "Se calculan {cells} zonas pequeñas una por una, cada una para toda una semana. Tarda de medio minuto a "
            "algunos minutos; después se guarda con la región y se abre al momento. Deje esta página abierta mientras."
        ),
    ),
    "gap_not_yet_before": (
        "To have all four ways of getting around ready beforehand, run this in a terminal:",
        "Para tener listas de antemano las cuatro formas de moverse, ejecute esto en una terminal:",
    ),
    "gap_not_yet_needs": ("The file needs.toml holds the line:", "El archivo needs.toml contiene la línea:"),
    "gap_work_out": ("Work it out now", "Calcular ahora"),
    "gap_work_out_all": ("All four ways of getting around", "Las cuatro formas de moverse"),
    "gap_working": ("Scoring {cells} small areas …", "Calculando {cells} zonas pequeñas …"),
    "gap_no_zones": (
        "We have no data on where people live in this region, so nobody can be counted.",
        "No tenemos datos de dónde vive la gente en esta región, por eso no se puede contar a nadie.",
    ),
    "gap_no_zones_hint": (
        "Build the region again with a list of areas and their residents (--zones).",
        "Cree la región de nuevo con una lista de zonas y sus habitantes (--zones).",
    ),
    # the headline
    "gap_headline": (
        "{percent} of 100 people live where it is below {below}",
        "{percent} de cada 100 personas viven donde está por debajo de {below}",
    ),
    "gap_headline_nobody": (
        "Nobody lives where it is below {below}",
        "Nadie vive donde está por debajo de {below}",
    ),
    "gap_counts": ("{below} of {people} people.", "{below} de {people} personas."),
    "gap_mean": (
        "On average a person has {mean} of 100.",
        "De media, una persona tiene {mean} de 100.",
    ),
    "gap_holds": (
        "What holds most of them back: {dimension}, above all {name}.",
        "Lo que más frena a la mayoría: {dimension}, sobre todo {name}.",
    ),
    "gap_holds_dimension": (
        "What holds most of them back: {name}.",
        "Lo que más frena a la mayoría: {name}.",
    ),
    "gap_none": (
        "{people} people can reach none at all in the time that counts, though the region has some.",
        "{people} personas no pueden llegar a ninguno en el tiempo que cuenta, aunque en la región los hay.",
    ),
    "gap_unscored": (
        "{people} people live too far from any mapped street for us to say.",
        "{people} personas viven demasiado lejos de una calle del mapa para poder decirlo.",
    ),
    "gap_small": (
        (
            "Areas with fewer than 11 residents ({percent} of 100 people) are on the map but in no count, so that no "
            "table and no difference of tables points at a few people."
        ),
        (
            "Las zonas con menos de 11 habitantes ({percent} de cada 100 personas) están en el mapa pero en ningún "
            "recuento, para que ninguna tabla ni diferencia entre tablas señale a unas pocas personas."
        ),
    ),
    "gap_under_one": ("under 1", "menos de 1"),
    "gap_nodata": (
        "{what}: we have no data on this for the region. That is not the same as none in reach.",
        "{what}: no tenemos datos sobre esto en la región. No es lo mismo que no tener ninguno al alcance.",
    ),
    "gap_no_total": (
        "No total is given, for the region has data on too little of what counts. Missing: {what}.",
        "No damos un total, pues la región tiene datos de muy poco de lo que cuenta. Faltan: {what}.",
    ),
    "gap_headline_nodata": (
        "Nothing can be said of where {people} people live",
        "No podemos decir nada de donde viven {people} personas",
    ),
    "gap_nodata_hint": (
        "Look at data health for what is missing, or choose another measure.",
        "Vea en el estado de los datos qué falta, o elija otra medida.",
    ),
    "gap_spread": ("How many people have how much", "Cuántas personas tienen cuánto"),
    "gap_spread_step": ("{low} to {high}: {people} people", "{low} a {high}: {people} personas"),
    # the map
    "gap_map_of": ("{what}, {who}, {date}", "{what}, {who}, {date}"),
    "gap_map_hint": (
        "Click an area for its numbers. With the keyboard: move the map with the arrow keys, then press Enter.",
        "Pulse una zona para ver sus números. Con el teclado: mueva el mapa con las flechas y pulse Intro.",
    ),
    "gap_step": ("{low} to {high}", "{low} a {high}"),
    "gap_step_none": ("Data, but none in reach", "Hay datos, pero ninguno al alcance"),
    "gap_step_nodata": ("No data on this", "Sin datos sobre esto"),
    "gap_step_far": ("No street nearby: not scored", "Sin calle cercana: sin resultado"),
    "gap_legend": ("What the shades mean", "Qué significan los tonos"),
    "gap_cell": ("The area you chose", "La zona que eligió"),
    "gap_cell_id": ("Area {name}", "Zona {name}"),
    "gap_cell_outside": ("Nobody lives there, so it has no score.", "Allí no vive nadie, por eso no tiene resultado."),
    "gap_cell_far": (
        "It is too far from any mapped street to be scored.",
        "Está demasiado lejos de una calle del mapa para tener resultado.",
    ),
    "gap_cell_classes": ("Each kind of support, weakest first", "Cada tipo de apoyo, primero el más débil"),
    "gap_cell_none": ("there are some, none in reach", "los hay, ninguno al alcance"),
    "gap_cell_weeks": (
        "{days} of 7 days have a meeting that one can get to and back from.",
        "{days} de 7 días tienen una reunión a la que se puede ir y de la que se puede volver.",
    ),
    # by area
    "gap_areas": ("Where most people are left out", "Dónde queda fuera más gente"),
    "gap_level": ("Areas", "Zonas"),
    "gap_level_place": ("Nearest town or neighborhood", "Pueblo o barrio más cercano"),
    "gap_level_tract": ("Census tracts", "Secciones censales"),
    "gap_level_block_group": ("Block groups", "Grupos de manzanas"),
    "gap_level_county": ("Counties", "Condados"),
    "gap_level_grid": ("Squares of 2 km", "Cuadrados de 2 km"),
    "gap_tract": ("Tract {number}", "Sección {number}"),
    "gap_block_group": ("Block group {number} of tract {tract}", "Grupo {number} de la sección {tract}"),
    "gap_county": ("County {number}", "Condado {number}"),
    "gap_square": ("Square {name}", "Cuadrado {name}"),
    "gap_near": ("near {place}", "cerca de {place}"),
    "gap_area": ("Area", "Zona"),
    "gap_left_out": ("Left out", "Quedan fuera"),
    "gap_of_people": ("of {people} people", "de {people} personas"),
    "gap_share": ("Share", "Parte"),
    "gap_average": ("Average", "Media"),
    "gap_mean_short": ("{mean} of 100", "{mean} de 100"),
    "gap_holds_back": ("What holds most of them back", "Qué frena a la mayoría"),
    "gap_areas_caption": (
        "Areas: {count}, most people below {below} first. The numbers, ten at most, are those on the map.",
        (
            "Zonas: {count}, primero las que tienen más personas por debajo de {below}. Los números, diez como mucho, "
            "son los del mapa."
        ),
    ),
    "gap_areas_more": (
        "The first {count} are listed; the download has all.",
        "Se muestran {count}; la descarga los tiene todos.",
    ),
    "gap_nobody": ("nobody", "nadie"),
    "gap_not_scored": ("not scored", "sin resultado"),
    # who
    "gap_who": ("Who is left out", "A quién no le llega"),
    "gap_even": ("How evenly it is shared out", "Con qué igualdad se reparte"),
    "gap_gini": (
        (
            "Two people picked at random differ by {apart} points on average (Gini index {gini}: 0 is alike, 1 is all "
            "with one person)."
        ),
        (
            "Dos personas elegidas al azar difieren en {apart} puntos de media (índice de Gini {gini}: 0 es igual para "
            "todos, 1 es todo para una persona)."
        ),
    ),
    "gap_theil": (
        "{percent} of 100 parts of the unevenness lie between areas, the rest within them (Theil index {theil}).",
        (
            "{percent} de cada 100 partes de la desigualdad están entre zonas, el resto dentro de ellas "
            "(índice de Theil {theil})."
        ),
    ),
    "gap_palma": (
        (
            "The tenth of people in the best-off areas has {ratio} times as much as the four tenths in the worst-off "
            "(Palma ratio)."
        ),
        (
            "La décima parte de las personas, en las zonas más acomodadas, tiene {ratio} veces lo que tienen "
            "las cuatro décimas en las menos acomodadas (razón de Palma)."
        ),
    ),
    "gap_concentration_poor": (
        "Support leans towards worse-off areas (concentration index {index}).",
        "El apoyo se inclina hacia las zonas menos acomodadas (índice de concentración {index}).",
    ),
    "gap_concentration_rich": (
        "Support leans towards better-off areas (concentration index {index}).",
        "El apoyo se inclina hacia las zonas más acomodadas (índice de concentración {index}).",
    ),
    "gap_concentration_even": (
        "Support leans neither towards better-off nor worse-off areas (concentration index {index}).",
        (
            "El apoyo no se inclina ni hacia las zonas más acomodadas ni hacia las menos (índice de concentración "
            "{index})."
        ),
    ),
    "gap_ranked_income": (
        "Areas are ranked by the median income of their households.",
        "Las zonas se ordenan por la mediana de ingresos de sus hogares.",
    ),
    "gap_ranked_pay": (
        "Areas are ranked by the share of workers paid over $3,333 a month; this region publishes no incomes.",
        (
            "Las zonas se ordenan por la parte de trabajadores que ganan más de 3,333 dólares al mes; esta región no "
            "publica ingresos."
        ),
    ),
    "gap_ranked_none": (
        (
            "This region publishes neither incomes nor pay by area, so we can't say whether support leans towards rich "
            "or poor."
        ),
        (
            "Esta región no publica ingresos ni salarios por zona, así que no podemos decir si el apoyo se "
            "inclina hacia ricos o pobres."
        ),
    ),
    "gap_group": ("Group", "Grupo"),
    "gap_group_below": ("Live below {below}", "Viven por debajo de {below}"),
    "gap_group_few": ("too few to show", "demasiado pocos para mostrar"),
    "gap_group_caption": (
        (
            "Of 100 people of each group, how many live where it is below {below}; all people: {percent}. Groups may "
            "overlap. Whole percents only, and only of groups of at least 1,100."
        ),
        (
            "De cada 100 personas de cada grupo, cuántas viven donde está por debajo de {below}; todas las personas: "
            "{percent}. Los grupos pueden solaparse. Solo porcentajes enteros y de grupos de al menos 1,100."
        ),
    ),
    "gap_size_people": ("about {size} people", "unas {size} personas"),
    "gap_size_workers": ("about {size} workers", "unos {size} trabajadores"),
    "gap_kind_pay": ("Workers by pay", "Trabajadores según salario"),
    "gap_kind_race": ("Race and ethnicity", "Raza y etnia"),
    "gap_kind_car": ("Car at home", "Coche en casa"),
    "gap_kind_poverty": ("Poverty line", "Línea de pobreza"),
    "gap_kind_insurance": ("Health insurance", "Seguro médico"),
    "gap_kind_age": ("Age", "Edad"),
    "gap_kind_income": ("Income of the area", "Ingresos de la zona"),
    "gap_kind_vulnerability": ("Social vulnerability of the area", "Vulnerabilidad social de la zona"),
    "gap_lacks": (
        "This region publishes nothing by area on: {kinds}. We can't say whether these groups are left out.",
        "Esta región no publica nada por zona sobre: {kinds}. No podemos decir si estos grupos quedan fuera.",
    ),
    "gap_lack_pay": ("pay", "salarios"),
    "gap_lack_race": ("race", "raza"),
    "gap_lack_car": ("households without a car", "hogares sin coche"),
    "gap_lack_poverty": ("poverty", "pobreza"),
    "gap_lack_insurance": ("health insurance", "seguro médico"),
    "gap_lack_age": ("age", "edad"),
    "gap_lack_income": ("income", "ingresos"),
    "gap_lack_vulnerability": ("social vulnerability", "vulnerabilidad social"),
    "gap_group_low_wage": ("Up to $1,250 a month", "Hasta 1,250 dólares al mes"),
    "gap_group_mid_wage": ("$1,251 to $3,333 a month", "De 1,251 a 3,333 dólares al mes"),
    "gap_group_high_wage": ("Over $3,333 a month", "Más de 3,333 dólares al mes"),
    "gap_group_white": ("White", "Blancas"),
    "gap_group_black": ("Black or African American", "Negras o afroamericanas"),
    "gap_group_native": ("American Indian or Alaska Native", "Indígenas de América o Alaska"),
    "gap_group_asian": ("Asian", "Asiáticas"),
    "gap_group_pacific": ("Native Hawaiian or Pacific Islander", "Hawaianas o de islas del Pacífico"),
    "gap_group_other": ("Another race", "Otra raza"),
    "gap_group_several": ("Two or more races", "Dos o más razas"),
    "gap_group_hispanic": ("Hispanic or Latino, of any race", "Hispanas o latinas, de cualquier raza"),
    "gap_group_no_car": ("No car in the household", "Sin coche en el hogar"),
    "gap_group_has_car": ("A car in the household", "Con coche en el hogar"),
    "gap_group_below_poverty_line": ("Below the poverty line", "Por debajo de la línea de pobreza"),
    "gap_group_above_poverty_line": ("Above the poverty line", "Por encima de la línea de pobreza"),
    "gap_group_uninsured": ("Without health insurance", "Sin seguro médico"),
    "gap_group_insured": ("With health insurance", "Con seguro médico"),
    "gap_group_under_18": ("Under 18 years", "Menos de 18 años"),
    "gap_group_from_18_to_64": ("18 to 64 years", "De 18 a 64 años"),
    "gap_group_over_64": ("65 years or older", "65 años o más"),
    "gap_group_lowest": ("Lowest fifth", "Quinta parte más baja"),
    "gap_group_second": ("Second fifth", "Segunda quinta parte"),
    "gap_group_middle": ("Middle fifth", "Quinta parte del medio"),
    "gap_group_fourth": ("Fourth fifth", "Cuarta quinta parte"),
    "gap_group_highest": ("Highest fifth", "Quinta parte más alta"),
    # downloads
    "gap_downloads": ("Take it along", "Para llevar"),
    "gap_downloads_lead": (
        "Each file says how it was made, from which sources, for which day, and with which checksums.",
        "Cada archivo dice cómo se hizo, con qué fuentes, para qué día y con qué sumas de control.",
    ),
    "gap_get_csv": ("Tables (CSV)", "Tablas (CSV)"),
    "gap_get_gpkg": ("Map layers (GeoPackage)", "Capas del mapa (GeoPackage)"),
    "gap_get_parquet": ("Map layer (GeoParquet)", "Capa del mapa (GeoParquet)"),
    "gap_get_png": ("Picture of the map (PNG)", "Imagen del mapa (PNG)"),
    "gap_get_pdf": ("Report (PDF)", "Informe (PDF)"),
    "gap_method": ("How these numbers are made", "Cómo se hacen estos números"),
    "gap_method_1": (
        (
            "Every populated small area is scored as one home: what a person can reach from its middle, in "
            "time and back, through a whole week. The score and its weights are described in the documentation."
        ),
        (
            "Cada zona pequeña habitada se calcula como una casa: lo que una persona puede alcanzar desde su centro, a "
            "tiempo y de vuelta, durante toda una semana. El resultado y sus pesos están en la documentación."
        ),
    ),
    "gap_method_2": (
        (
            "People are the residents that the region's zones publish; nobody is looked up. A count below 11 is never "
            "shown, nor can one be found by subtracting tables."
        ),
        (
            "Las personas son los habitantes que publican las zonas de la región; no se busca a nadie. Nunca "
            "se muestra un recuento menor de 11, ni se puede obtener restando tablas."
        ),
    ),
    "gap_method_3": (
        "It is a planning aid: it says nothing about how good a service is, or how any person is doing.",
        "Es una ayuda para planificar: no dice nada de lo bueno que es un servicio ni de cómo está ninguna persona.",
    ),
    "gap_about_region": ("Region", "Región"),
    "gap_about_question": ("What", "Qué"),
    "gap_about_below": ("People counted below", "Personas contadas por debajo de"),
    "gap_about_date": ("Service day", "Día de servicio"),
    "gap_about_made": ("Worked out on", "Calculado el"),
    "gap_about_region_hash": ("Region (SHA-256)", "Región (SHA-256)"),
    "gap_about_parameters_hash": ("Parameters (SHA-256)", "Parámetros (SHA-256)"),
    "gap_about_surface_hash": ("Surface (SHA-256)", "Superficie (SHA-256)"),
    "gap_about_method": ("Method", "Método"),
    "gap_about_source": ("Source", "Fuente"),
}
